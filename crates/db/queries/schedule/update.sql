UPDATE schedule
SET name = $2, function = $3, schedule = $4::text::json, enabled = $5, job_uuid = $6, cmd = $7, fun = $8, arg = $9::text::json,
    tgt_uuid = $10, tgt = $11::text::json, masters = $12, owner_uuid = $13, changed_at = $14, next_at = $15
WHERE sched_uuid = $1
