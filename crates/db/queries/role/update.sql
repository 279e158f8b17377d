UPDATE role SET name = $2, description = $3, perms = $4, scope = $5::text::json WHERE role_uuid = $1 AND NOT built_in
