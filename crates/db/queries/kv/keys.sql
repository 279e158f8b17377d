SELECT key FROM account_value WHERE account_uuid = $1 ORDER BY key COLLATE "C"
