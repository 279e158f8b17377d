-- The newest list of keys counts; no row: a newer one was taken.
UPDATE master SET keys_at = $2 WHERE master_uuid = $1 AND (NOT $3::boolean OR keys_at IS NULL OR keys_at <= $2)
