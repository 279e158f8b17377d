SELECT token_uuid, account_uuid, name, perms, scope::text AS scope, created_at, expires_at, last_used_at FROM api_token WHERE hash = $1
