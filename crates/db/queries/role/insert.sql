INSERT INTO role (role_uuid, name, description, perms, scope) VALUES ($1, $2, $3, $4, $5::text::json)
ON CONFLICT (name) DO NOTHING
