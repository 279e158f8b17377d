-- What one account holds, a row per role.
SELECT a.account_uuid, a.config_name, a.username, a.perms, a.scope::text AS scope,
       encode(sha256(convert_to(a.password_hash, 'UTF8')), 'hex') AS password_mark,
       r.name AS role, r.perms AS role_perms, r.scope::text AS role_scope
FROM account a
LEFT JOIN held_role h USING (account_uuid)
LEFT JOIN role r USING (role_uuid)
WHERE a.account_uuid = $1
ORDER BY r.name COLLATE "C"
