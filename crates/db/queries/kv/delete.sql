DELETE FROM account_value WHERE account_uuid = $1 AND key = $2
