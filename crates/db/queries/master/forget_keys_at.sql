-- What it told of keys is forgotten: it may hold any.
UPDATE master SET keys_at = NULL WHERE master_uuid = $1
