INSERT INTO audit (day, start_time, end_time, event_type, event_name, username, account_uuid, session_uuid, address, failed, event_data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::json)
