INSERT INTO account (account_uuid, config_name, username, password_hash, roles, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (config_name, username) DO NOTHING
