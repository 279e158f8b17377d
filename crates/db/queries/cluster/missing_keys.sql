-- Minion ids of failover clusters that some of the accepted masters accepted, and some did not: how many, and some of
-- them with the masters that lack them. A master that has not told its keys yet lacks none.
WITH m AS (
    SELECT m.cluster_id, m.master_uuid, m.master_id
    FROM master m
    JOIN cluster c USING (cluster_id)
    JOIN master_key k ON k.master_id = m.master_id AND k.fingerprint = m.fingerprint AND k.state = 'accepted'
    WHERE m.cluster_id = ANY($1::text[]) AND c.kind = 'failover' AND m.keys_at IS NOT NULL
), masters AS (
    SELECT cluster_id, count(*) AS count FROM m GROUP BY cluster_id
), outside AS (
    -- Accepted by masters that do not count: usually none.
    SELECT l.cluster_id, l.minion_id, count(*) AS accepted
    FROM master o JOIN link l USING (master_uuid)
    WHERE o.cluster_id = ANY($1::text[]) AND o.master_uuid NOT IN (SELECT m.master_uuid FROM m) AND l.key_state = 'accepted'
      AND o.cluster_id IN (SELECT m.cluster_id FROM m)
    GROUP BY l.cluster_id, l.minion_id
), unequal AS (
    SELECT h.cluster_id, h.minion_id
    FROM masters JOIN minion h ON h.cluster_id = masters.cluster_id AND h.accepted BETWEEN 1 AND masters.count - 1
    WHERE NOT EXISTS (SELECT FROM outside o WHERE o.cluster_id = h.cluster_id AND o.minion_id = h.minion_id)
    UNION ALL
    SELECT h.cluster_id, h.minion_id
    FROM outside o JOIN masters USING (cluster_id) JOIN minion h ON h.cluster_id = o.cluster_id AND h.minion_id = o.minion_id
    WHERE h.accepted - o.accepted BETWEEN 1 AND masters.count - 1
), torn AS (
    SELECT s.cluster_id, s.minion_id, row_number() OVER (PARTITION BY s.cluster_id ORDER BY s.minion_id) AS rank,
           count(*) OVER (PARTITION BY s.cluster_id) AS count
    FROM unequal s
    -- What was accepted for the cluster is on its way to the others.
    WHERE NOT EXISTS (SELECT FROM minion_key k
                      WHERE k.cluster_id = s.cluster_id AND k.minion_id = s.minion_id AND k.desired = 'accepted')
)
SELECT t.cluster_id, t.minion_id, t.count,
       (SELECT array_agg(m.master_id ORDER BY m.master_id) FROM m
        WHERE m.cluster_id = t.cluster_id
          AND NOT EXISTS (SELECT FROM link l
                          WHERE l.cluster_id = t.cluster_id AND l.minion_id = t.minion_id AND l.master_uuid = m.master_uuid
                            AND l.key_state = 'accepted')) AS lacking
FROM torn t WHERE t.rank <= 3 ORDER BY t.cluster_id, t.rank
