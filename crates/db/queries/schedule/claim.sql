-- A planned time is dealt with. No row when it was already.
INSERT INTO schedule_run (sched_uuid, planned_at, sched_name, state, reason, fired_at, jid, cmd, fun, arg, tgt, job_name, tgt_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::json, $11::text::json, $12, $13)
ON CONFLICT (sched_uuid, planned_at) DO NOTHING
