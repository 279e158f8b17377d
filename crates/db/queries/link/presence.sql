-- Where these minions, given as (cluster, minion), were seen: every master's evidence, and what it is judged by.
SELECT l.cluster_id, l.minion_id, l.master_uuid, ma.master_id, l.seen_at, l.evidence, l.silent_at,
       -- Since then it may have left this master: a hot minion that attached itself to another one, any other that was seen there.
       CASE WHEN c.kind = 'hot'
            THEN (SELECT max(o.attached_at) FROM link o
                  WHERE o.cluster_id = l.cluster_id AND o.minion_id = l.minion_id AND o.master_uuid <> l.master_uuid)
            WHEN m.seen_by <> l.master_uuid THEN m.seen_at END AS left_at
FROM unnest($1::text[], $2::text[]) AS w(cluster_id, minion_id)
JOIN link l ON l.cluster_id = w.cluster_id AND l.minion_id = w.minion_id
JOIN minion m ON m.cluster_id = w.cluster_id AND m.minion_id = w.minion_id
JOIN cluster c ON c.cluster_id = w.cluster_id
JOIN master ma USING (master_uuid)
WHERE l.seen_at IS NOT NULL OR l.silent_at IS NOT NULL
ORDER BY l.cluster_id, l.minion_id, ma.master_id
