-- Accepted masters of the named clusters, and of the clusters of the named masters; all when no names are given.
SELECT m.master_uuid, m.master_id, m.cluster_id, c.kind, m.last_call_at, m.salt_state,
       -- A hot minion is on several masters at once.
       CASE WHEN NOT $2::boolean THEN 0
            WHEN c.kind = 'hot' THEN
           (SELECT count(*) FROM link l
            WHERE l.master_uuid = m.master_uuid AND l.seen_at > $3 AND (l.silent_at IS NULL OR l.silent_at <= l.seen_at))
            ELSE
           (SELECT count(*) FROM minion n
            WHERE n.seen_by = m.master_uuid AND n.seen_at > $3 AND (n.silent_at IS NULL OR n.silent_at <= n.seen_at))
       END AS present,
       -- In the order of an index: where one row is enough the planner takes it for quick to read all of them.
       (SELECT l.key_state FROM link l WHERE l.master_uuid = m.master_uuid ORDER BY l.key_state LIMIT 1) IS NOT NULL AS has_keys
FROM master m
JOIN cluster c USING (cluster_id)
JOIN master_key k ON k.master_id = m.master_id AND k.fingerprint = m.fingerprint AND k.state = 'accepted'
WHERE $1::text[] IS NULL
   OR m.cluster_id = ANY($1)
   OR m.cluster_id IN (SELECT o.cluster_id FROM master o WHERE o.master_id = ANY($1))
ORDER BY m.cluster_id, m.master_id
