DELETE FROM master_key WHERE master_id = $1 AND ($2::text IS NULL OR fingerprint = $2)
