-- Schedules that run on these groups, themselves or through a saved job.
DELETE FROM schedule s
WHERE s.tgt_uuid = ANY($1::uuid[])
   OR (s.tgt_uuid IS NULL AND s.tgt IS NULL AND s.job_uuid IN (SELECT j.job_uuid FROM job j WHERE j.tgt_uuid = ANY($1)))
RETURNING s.sched_uuid
