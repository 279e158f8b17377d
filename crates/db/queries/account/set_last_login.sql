UPDATE account SET last_login_at = $2 WHERE account_uuid = $1
