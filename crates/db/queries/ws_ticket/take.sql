DELETE FROM ws_ticket WHERE hash = $1 AND expires_at > $2 RETURNING account_uuid, session_uuid, by_token
