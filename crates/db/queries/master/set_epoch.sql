UPDATE master SET epoch = $2 WHERE master_uuid = $1
