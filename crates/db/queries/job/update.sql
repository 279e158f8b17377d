UPDATE job SET name = $2, description = $3, cmd = $4, fun = $5, arg = $6::text::json, masters = $7, tgt_uuid = $8, changed_at = $9
WHERE job_uuid = $1
