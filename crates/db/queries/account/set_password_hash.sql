UPDATE account SET password_hash = $2 WHERE account_uuid = $1
