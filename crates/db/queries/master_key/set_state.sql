UPDATE master_key SET state = $3, reason = $4, changed_at = $5 WHERE master_id = $1 AND fingerprint = $2
