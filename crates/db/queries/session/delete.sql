DELETE FROM session WHERE session_uuid = $1
