-- The keys of minions as one master told them.
SELECT l.minion_id, l.key_state, COALESCE(l.fingerprint, '') AS fingerprint, COALESCE(t.public_key, '') AS public_key,
       l.denied_fingerprint, t.denied_public_key
FROM link l
LEFT JOIN link_key t ON t.cluster_id = l.cluster_id AND t.minion_id = l.minion_id AND t.master_uuid = l.master_uuid
WHERE l.cluster_id = $1 AND l.master_uuid = $2 AND l.key_state IS NOT NULL
ORDER BY l.minion_id
