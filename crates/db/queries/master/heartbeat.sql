-- The newest call counts. Returns what was known before, so that the caller can tell a change.
WITH before AS (
    SELECT master_uuid, last_call_at, salt_state FROM master WHERE master_uuid = $1 FOR NO KEY UPDATE
)
UPDATE master m SET
    last_call_at = $2, salt_state = $3,
    salt_answered_at = CASE WHEN $3::text = 'answering' THEN $2 ELSE m.salt_answered_at END,
    clock_skew_ms = $4, spool_records = $5, spool_oldest_s = $6, connections = COALESCE($7, m.connections), epoch = $8
FROM before WHERE m.master_uuid = before.master_uuid
RETURNING before.last_call_at, before.salt_state
