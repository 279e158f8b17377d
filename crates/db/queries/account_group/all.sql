-- Groups with their roles and members.
SELECT g.group_uuid, g.config_name, g.name, g.description, g.custom_data::text AS custom_data, g.remote_uid,
       ARRAY(SELECT r.name FROM group_role x JOIN role r USING (role_uuid)
             WHERE x.group_uuid = g.group_uuid ORDER BY r.name) AS roles,
       ARRAY(SELECT p FROM group_role x JOIN role r USING (role_uuid) CROSS JOIN LATERAL unnest(r.perms) p
             WHERE x.group_uuid = g.group_uuid GROUP BY p ORDER BY p) AS perms,
       ARRAY(SELECT m.account_uuid FROM group_member m WHERE m.group_uuid = g.group_uuid) AS members
FROM account_group g
ORDER BY g.name COLLATE "C", g.config_name COLLATE "C"
