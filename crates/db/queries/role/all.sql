SELECT role_uuid, name, description, perms, built_in, scope::text AS scope FROM role ORDER BY name COLLATE "C"
