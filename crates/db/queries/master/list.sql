-- Masters that were accepted once, with what became of their key since.
SELECT m.master_uuid, m.master_id, m.cluster_id, c.kind, m.fingerprint,
       COALESCE(k.state, 'rejected') AS key_state, COALESCE(k.reason, 'its key was deleted') AS key_reason,
       m.plugin_version, m.salt_version, m.host, m.transport, m.salt_key_fingerprint, m.signing_key_fingerprint,
       m.epoch, m.last_call_at, m.salt_state, m.salt_answered_at, m.clock_skew_ms, m.spool_records, m.spool_oldest_s, m.connections,
       m.came_at, m.keys_at
FROM master m
JOIN cluster c USING (cluster_id)
LEFT JOIN master_key k ON k.master_id = m.master_id AND k.fingerprint = m.fingerprint
WHERE ($1::uuid IS NULL OR m.master_uuid = $1) AND ($2::text IS NULL OR m.master_id = $2)
ORDER BY m.master_id COLLATE "C"
