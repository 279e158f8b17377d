UPDATE report_progress SET through = $3, changed_at = $4 WHERE master_uuid = $1 AND epoch = $2 AND through < $3
