DELETE FROM ws_ticket WHERE expires_at <= $1
