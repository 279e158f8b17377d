-- The cells of these rows, given as (cluster, minion): one per accepted master of the cluster.
SELECT w.cluster_id, w.minion_id, m.master_id, m.keys_at IS NOT NULL AS told, l.key_state, l.fingerprint, l.key_at,
       l.denied_fingerprint, c.action, c.since AS change_since, c.tried_at, c.error
FROM unnest($1::text[], $2::text[]) AS w(cluster_id, minion_id)
JOIN master m ON m.cluster_id = w.cluster_id
JOIN master_key mk ON mk.master_id = m.master_id AND mk.fingerprint = m.fingerprint AND mk.state = 'accepted'
LEFT JOIN link l ON l.cluster_id = w.cluster_id AND l.minion_id = w.minion_id AND l.master_uuid = m.master_uuid
LEFT JOIN key_change c ON c.cluster_id = w.cluster_id AND c.minion_id = w.minion_id AND c.master_uuid = m.master_uuid
ORDER BY w.cluster_id, w.minion_id, m.master_id COLLATE "C"
