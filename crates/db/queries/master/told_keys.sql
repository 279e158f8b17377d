UPDATE master SET keys_at = $2 WHERE master_uuid = $1 AND (keys_at IS NULL OR keys_at < $2)
