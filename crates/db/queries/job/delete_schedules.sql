DELETE FROM schedule WHERE job_uuid = $1 RETURNING sched_uuid
