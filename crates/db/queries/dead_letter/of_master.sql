SELECT n, reason, record, at FROM dead_letter WHERE master_uuid = $1 ORDER BY dead_letter_id
