UPDATE session SET last_seen_at = $2 WHERE session_uuid = $1 AND last_seen_at < $2
