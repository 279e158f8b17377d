-- Linked rows after a place.
SELECT a.day, a.audit_id, a.start_time, a.end_time, a.event_type, a.event_name, a.username, a.account_uuid, a.session_uuid,
       a.address, a.failed, a.event_data::text AS event_data, a.number, a.hash
FROM audit a
WHERE a.number > $1
ORDER BY a.number, a.audit_id
LIMIT $2
