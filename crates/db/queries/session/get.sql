SELECT session_uuid, account_uuid, created_at, expires_at, last_seen_at, address, user_agent
FROM session WHERE session_uuid = $1 AND expires_at > $2
