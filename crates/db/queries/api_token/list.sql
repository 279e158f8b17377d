SELECT token_uuid, account_uuid, name, perms, scope::text AS scope, created_at, expires_at, last_used_at
FROM api_token
WHERE ($1::uuid IS NULL OR account_uuid = $1) AND ($2::uuid IS NULL OR token_uuid = $2)
ORDER BY name COLLATE "C", token_uuid
