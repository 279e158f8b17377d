DELETE FROM role WHERE role_uuid = $1 AND NOT built_in
