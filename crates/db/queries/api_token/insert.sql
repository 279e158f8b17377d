INSERT INTO api_token (token_uuid, account_uuid, name, hash, perms, created_at, expires_at, scope)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json)
ON CONFLICT (account_uuid, name) DO NOTHING
