INSERT INTO ws_ticket (hash, account_uuid, session_uuid, by_token, expires_at) VALUES ($1, $2, $3, $4, $5)
