INSERT INTO session (session_uuid, account_uuid, created_at, expires_at, last_seen_at, address, user_agent)
VALUES ($1, $2, $3, $4, $3, $5, $6)
