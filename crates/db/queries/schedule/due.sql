-- Enabled schedules with a planned time that has come.
SELECT sched_uuid, name, function, schedule::text AS schedule, enabled, job_uuid, cmd, fun, arg::text AS arg, tgt_uuid, tgt::text AS tgt,
       masters, owner_uuid, changed_at, next_at
FROM schedule WHERE next_at <= $1
ORDER BY next_at, sched_uuid
LIMIT $2
