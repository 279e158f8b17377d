INSERT INTO account (account_uuid, config_name, username, password_hash, perms, scope, custom_data, remote_uid, created_at)
VALUES ($1, $2, $3, $4, $5, $6::text::json, $7::text::json, $8, $9)
ON CONFLICT (config_name, username) DO NOTHING
