UPDATE account_group SET name = $2, description = $3, custom_data = $4::text::json, remote_uid = $5 WHERE group_uuid = $1
