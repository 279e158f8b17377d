INSERT INTO account_group (group_uuid, config_name, name, description, custom_data, remote_uid)
VALUES ($1, $2, $3, $4, $5::text::json, $6)
ON CONFLICT (config_name, name) DO NOTHING
