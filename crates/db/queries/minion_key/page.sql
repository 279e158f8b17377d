-- Rows of the key matrix: ids that some master holds a key of, or that were decided about.
-- $1 master or cluster, $2 minion pattern, $3 only those that an operator should look at, $4 limit, $5 offset,
-- $6 and $7 the only minions that the reader may see
WITH scope AS (
    SELECT c.cluster_id FROM cluster c
    WHERE $1::text IS NULL OR c.cluster_id = $1 OR c.cluster_id = (SELECT m.cluster_id FROM master m WHERE m.master_id = $1)
), ids AS NOT MATERIALIZED (
    -- Each in order: together they have none that an index knows.
    (SELECT m.cluster_id, m.minion_id, m.differing, m.waiting FROM minion m
    WHERE m.keys > 0 AND ($1 IS NULL OR m.cluster_id IN (SELECT * FROM scope)) AND ($2::text IS NULL OR m.minion_id LIKE $2)
      AND (NOT $3::boolean OR m.differing OR m.waiting)
    ORDER BY cluster_id COLLATE "C", minion_id COLLATE "C")
    UNION ALL
    (SELECT k.cluster_id, k.minion_id, false, false FROM minion_key k
    WHERE k.desired <> 'absent' AND ($1 IS NULL OR k.cluster_id IN (SELECT * FROM scope)) AND ($2 IS NULL OR k.minion_id LIKE $2)
      AND NOT k.held
    ORDER BY cluster_id COLLATE "C", minion_id COLLATE "C")
    UNION ALL
    -- Suspended, and nothing else to look at.
    (SELECT m.cluster_id, m.minion_id, m.differing, m.waiting FROM minion_key k JOIN minion m USING (cluster_id, minion_id)
    WHERE $3 AND k.suspended_at IS NOT NULL AND m.keys > 0 AND NOT (m.differing OR m.waiting)
      AND ($1 IS NULL OR m.cluster_id IN (SELECT * FROM scope)) AND ($2 IS NULL OR m.minion_id LIKE $2)
    ORDER BY cluster_id COLLATE "C", minion_id COLLATE "C")
), seen AS NOT MATERIALIZED (
    SELECT i.cluster_id, i.minion_id, i.waiting,
           -- Worked out only where there is more than one fingerprint at all.
           i.differing AND (SELECT count(DISTINCT f.fingerprint)
            FROM (SELECT l.fingerprint FROM link l
                  WHERE l.cluster_id = i.cluster_id AND l.minion_id = i.minion_id AND l.key_state IN ('accepted', 'pending')
                  UNION ALL
                  SELECT k.fingerprint FROM minion_key k
                  WHERE k.cluster_id = i.cluster_id AND k.minion_id = i.minion_id AND k.desired = 'accepted') AS f) > 1 AS conflict
    FROM ids i
    WHERE ($6::text[] IS NULL OR (i.cluster_id, i.minion_id) IN (SELECT * FROM unnest($6::text[], $7::text[])))
), matched AS NOT MATERIALIZED (
    SELECT s.* FROM seen s
    WHERE NOT $3 OR s.conflict
       OR (s.cluster_id, s.minion_id) IN (SELECT k.cluster_id, k.minion_id FROM minion_key k WHERE k.suspended_at IS NOT NULL)
       -- Waiting, and nobody decided about it: what is decided about is on its way.
       OR s.waiting
          AND (SELECT true FROM link l
               WHERE l.cluster_id = s.cluster_id AND l.minion_id = s.minion_id AND l.key_state IN ('pending', 'denied')
                 AND NOT EXISTS (SELECT FROM minion_key k
                                 WHERE k.cluster_id = l.cluster_id AND k.minion_id = l.minion_id
                                   AND k.desired <> 'absent' AND k.fingerprint = l.fingerprint)
               LIMIT 1)
), page AS (
    SELECT * FROM matched ORDER BY cluster_id COLLATE "C", minion_id COLLATE "C"
    LIMIT NULLIF($4::bigint, -1) OFFSET $5::bigint
)
-- A page that is not full is the last one: then nothing is counted.
SELECT CASE WHEN n.rows <> $4::bigint AND (n.rows > 0 OR $5::bigint = 0) THEN $5 + n.rows ELSE (SELECT count(*) FROM matched) END AS count,
       p.cluster_id, p.minion_id, p.conflict
FROM (SELECT count(*) AS rows FROM page) AS n LEFT JOIN page p ON true
ORDER BY p.cluster_id COLLATE "C", p.minion_id COLLATE "C"
