-- Every key of these minions on the masters of their cluster: what a decision about a key looks at.
SELECT l.cluster_id, l.minion_id, l.master_uuid, ma.master_id, l.key_state, l.fingerprint, t.public_key,
       l.denied_fingerprint, t.denied_public_key
FROM unnest($1::text[], $2::text[]) AS w(cluster_id, minion_id)
JOIN link l ON l.cluster_id = w.cluster_id AND l.minion_id = w.minion_id
JOIN master ma USING (master_uuid)
LEFT JOIN link_key t ON t.cluster_id = l.cluster_id AND t.minion_id = l.minion_id AND t.master_uuid = l.master_uuid
WHERE l.key_state IS NOT NULL
ORDER BY l.cluster_id, l.minion_id, ma.master_id
