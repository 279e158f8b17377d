DELETE FROM job WHERE job_uuid = $1
