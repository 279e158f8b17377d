-- Present minions of a cluster that one of its masters does not hold: the first of them, and how many in all.
SELECT n.minion_id, count(*) OVER () AS count
FROM minion n
JOIN cluster c USING (cluster_id)
WHERE n.cluster_id = $1 AND n.seen_by = ANY($3::uuid[]) AND n.seen_at > $4
  AND (n.silent_at IS NULL OR n.silent_at <= n.seen_at)
  AND CASE WHEN c.kind = 'hot'
           THEN NOT EXISTS (SELECT FROM link l
                            WHERE l.cluster_id = n.cluster_id AND l.minion_id = n.minion_id AND l.master_uuid = $2
                              AND l.seen_at > $4 AND (l.silent_at IS NULL OR l.silent_at <= l.seen_at))
           ELSE n.seen_by <> $2 END
ORDER BY n.minion_id
LIMIT $5
