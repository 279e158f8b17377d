-- Minions of clusters by presence and by the master they were last seen on; each counted once.
-- $2: masters that are present; $3: evidence before it is stale.
SELECT m.cluster_id, m.seen_by,
       minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($2::uuid[]), $3) AS presence, count(*) AS minions
FROM known_minion m
WHERE m.cluster_id = ANY($1::text[])
GROUP BY 1, 2, 3
