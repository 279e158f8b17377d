SELECT account_uuid, config_name, username, password_hash, roles, created_at, last_login_at
FROM account
WHERE account_uuid = $1
