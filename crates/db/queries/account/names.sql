-- What accounts are called: what each holds costs a hundred times as much.
SELECT account_uuid, username FROM account
WHERE $1::text IS NULL OR config_name = $1
ORDER BY username COLLATE "C", config_name COLLATE "C"
