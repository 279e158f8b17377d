INSERT INTO schedule (sched_uuid, name, function, schedule, enabled, job_uuid, cmd, fun, arg, tgt_uuid, tgt, masters, owner_uuid,
                      created_at, changed_at, next_at)
VALUES ($1, $2, $3, $4::text::json, $5, $6, $7, $8, $9::text::json, $10, $11::text::json, $12, $13, $14, $14, $15)
ON CONFLICT (name) DO NOTHING
