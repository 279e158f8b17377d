-- Accounts with what they hold; some of them, or all.
SELECT a.account_uuid, a.config_name, a.username, a.password_hash, a.perms, a.scope::text AS scope,
       a.custom_data::text AS custom_data, a.remote_uid, a.created_at, a.last_login_at,
       ARRAY(SELECT r.name FROM account_role x JOIN role r USING (role_uuid)
             WHERE x.account_uuid = a.account_uuid ORDER BY r.name) AS roles,
       ARRAY(SELECT r.name FROM held_role x JOIN role r USING (role_uuid)
             WHERE x.account_uuid = a.account_uuid ORDER BY r.name) AS held_roles,
       ARRAY(SELECT p FROM held_role x JOIN role r USING (role_uuid) CROSS JOIN LATERAL unnest(r.perms) p
             WHERE x.account_uuid = a.account_uuid
             UNION SELECT unnest(a.perms) ORDER BY 1) AS held_perms,
       ARRAY(SELECT g.name FROM group_member m JOIN account_group g USING (group_uuid)
             WHERE m.account_uuid = a.account_uuid ORDER BY g.name) AS groups
FROM account a
WHERE ($1::uuid[] IS NULL OR a.account_uuid = ANY($1))
  AND ($2::text IS NULL OR a.config_name = $2)
  AND ($3::text IS NULL OR a.username = $3)
ORDER BY a.username COLLATE "C", a.config_name COLLATE "C"
