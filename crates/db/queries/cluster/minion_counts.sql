-- Minions of clusters by presence and by the master they were last seen on; each counted once.
-- $2: masters that are present; $3: evidence before it is stale.
WITH told AS (
    -- The rule of minion_presence, with what depends on the master left for below: of every minion next to nothing is worked out.
    SELECT m.cluster_id, m.seen_by, count(*) AS minions,
           count(*) FILTER (WHERE m.seen_at >= $3 AND (m.silent_at IS NULL OR m.silent_at <= m.seen_at)) AS fresh,
           count(*) FILTER (WHERE m.silent_at IS NOT NULL AND (m.seen_at IS NULL OR m.silent_at > m.seen_at)) AS lost
    FROM known_minion m
    WHERE ($1::text[] IS NULL OR m.cluster_id = ANY($1))
    GROUP BY m.cluster_id, m.seen_by
)
SELECT t.cluster_id, t.seen_by, p.presence, p.minions
FROM told t
CROSS JOIN LATERAL (SELECT CASE WHEN t.seen_by = ANY($2::uuid[]) THEN t.fresh ELSE 0 END AS present) AS of_master
CROSS JOIN LATERAL (VALUES ('present', present), ('lost', t.lost), ('unknown', t.minions - t.lost - present)) AS p(presence, minions)
WHERE p.minions > 0
