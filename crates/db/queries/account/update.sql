UPDATE account SET username = $2, perms = $3, scope = $4::text::json, custom_data = $5::text::json, remote_uid = $6
WHERE account_uuid = $1
