-- No row when it is a new key and there are $4 already.
INSERT INTO account_value (account_uuid, key, value)
SELECT $1, $2, $3::text::json
WHERE EXISTS (SELECT FROM account_value WHERE account_uuid = $1 AND key = $2)
   OR (SELECT count(*) FROM account_value WHERE account_uuid = $1) < $4::bigint
ON CONFLICT (account_uuid, key) DO UPDATE SET value = EXCLUDED.value
