DELETE FROM account WHERE account_uuid = $1
