-- A schedule as it is written; locked until the transaction ends.
SELECT sched_uuid, name, function, schedule::text AS schedule, enabled, job_uuid, cmd, fun, arg::text AS arg, tgt_uuid, tgt::text AS tgt,
       masters, owner_uuid, changed_at, next_at
FROM schedule WHERE sched_uuid = $1
FOR UPDATE
