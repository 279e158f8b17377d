SELECT session_uuid, account_uuid, created_at, expires_at, last_seen_at, address, user_agent
FROM session WHERE ($1::uuid IS NULL OR account_uuid = $1) AND expires_at > $2
ORDER BY last_seen_at DESC, session_uuid
