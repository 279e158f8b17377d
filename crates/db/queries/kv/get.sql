SELECT value::text AS value FROM account_value WHERE account_uuid = $1 AND key = $2
