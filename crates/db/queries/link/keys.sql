-- $1 master or cluster, $2 minion pattern, $3 state, $4 limit, $5 offset, $6 and $7 the only minions that the reader may see. The
-- ORDER BY lines are replaced by another of a closed list.
WITH there AS NOT MATERIALIZED (
    SELECT l.* FROM link l
    WHERE ($1::text IS NULL OR l.cluster_id = $1 OR l.master_uuid = (SELECT by.master_uuid FROM master by WHERE by.master_id = $1))
      AND ($2::text IS NULL OR l.minion_id LIKE $2)
      AND ($6::text[] IS NULL OR (l.cluster_id, l.minion_id) IN (SELECT * FROM unnest($6::text[], $7::text[])))
), held AS NOT MATERIALIZED (
    SELECT cluster_id, minion_id, master_uuid, key_state, false AS beside
    FROM there WHERE key_state IS NOT NULL AND ($3::text IS NULL OR key_state = $3)
), denied AS NOT MATERIALIZED (
    SELECT cluster_id, minion_id, master_uuid, 'denied' AS key_state, true AS beside
    FROM there WHERE denied_fingerprint IS NOT NULL AND ($3 IS NULL OR $3 = 'denied')
), page AS (
    SELECT *, row_number() OVER () AS place
    FROM (
        -- Each kind in order, no further than the page: together they have no order that an index knows. Names only: those an index has.
        SELECT * FROM (
            (SELECT h.*, ma.master_id FROM held h JOIN master ma USING (master_uuid)
             ORDER BY minion_id COLLATE "C", master_id COLLATE "C", key_state COLLATE "C", beside
             LIMIT CASE WHEN $4::bigint >= 0 THEN $4 + LEAST($5::bigint, 9223372036854775807 - $4) END)
            UNION ALL
            (SELECT h.*, ma.master_id FROM denied h JOIN master ma USING (master_uuid)
             ORDER BY minion_id COLLATE "C", master_id COLLATE "C", key_state COLLATE "C", beside
             LIMIT CASE WHEN $4 >= 0 THEN $4 + LEAST($5, 9223372036854775807 - $4) END)
        ) AS either
        ORDER BY minion_id COLLATE "C", master_id COLLATE "C", key_state COLLATE "C", beside
        LIMIT NULLIF($4, -1) OFFSET $5
    ) AS sorted
)
-- A page that is not full is the last one: then nothing is counted.
SELECT CASE WHEN n.rows <> $4 AND (n.rows > 0 OR $5 = 0) THEN $5 + n.rows
            ELSE (SELECT count(*) FROM held) + (SELECT count(*) FROM denied) END AS count,
       p.cluster_id, p.minion_id, p.master_id, p.key_state,
       CASE WHEN p.beside THEN l.denied_fingerprint ELSE l.fingerprint END AS fingerprint,
       CASE WHEN p.beside THEN l.denied_at ELSE l.key_at END AS since,
       p.minion_id IS NOT NULL
       AND (SELECT count(DISTINCT o.fingerprint) FROM link o
            WHERE o.cluster_id = p.cluster_id AND o.minion_id = p.minion_id AND o.key_state IN ('accepted', 'pending')) > 1 AS conflict
FROM (SELECT count(*) AS rows FROM page) AS n LEFT JOIN page p ON true
LEFT JOIN link l ON l.cluster_id = p.cluster_id AND l.minion_id = p.minion_id AND l.master_uuid = p.master_uuid
ORDER BY p.place
