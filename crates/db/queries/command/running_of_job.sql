-- Commands of one saved job that have not ended, newest first.
SELECT jid FROM command WHERE job_uuid = $1::uuid AND ended_at IS NULL ORDER BY jid DESC LIMIT $2::bigint
