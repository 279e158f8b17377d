-- Names of the schedules that run this job.
SELECT name FROM schedule WHERE job_uuid = $1 ORDER BY name COLLATE "C"
