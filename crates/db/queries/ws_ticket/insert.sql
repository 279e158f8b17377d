INSERT INTO ws_ticket (hash, account_uuid, expires_at) VALUES ($1, $2, $3)
