-- Saved jobs that are meant for these groups; schedules that run on them, themselves or through such a job.
SELECT 'job' AS kind, name FROM job WHERE tgt_uuid = ANY($1::uuid[])
UNION ALL
SELECT 'schedule', s.name FROM schedule s LEFT JOIN job j USING (job_uuid)
WHERE s.tgt_uuid = ANY($1) OR (s.tgt_uuid IS NULL AND s.tgt IS NULL AND j.tgt_uuid = ANY($1))
ORDER BY kind, name
