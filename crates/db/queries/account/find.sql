SELECT account_uuid, config_name, username, password_hash, roles, created_at, last_login_at
FROM account
WHERE config_name = $1 AND username = $2
