-- $1 master or cluster, $2 minion pattern, $3 state, $4 limit, $5 offset, $6 and $7 the only minions that the reader may see. The
-- ORDER BY line is replaced by another of a closed list.
WITH there AS NOT MATERIALIZED (
    SELECT l.* FROM link l
    WHERE ($1::text IS NULL OR l.cluster_id = $1 OR l.master_uuid = (SELECT by.master_uuid FROM master by WHERE by.master_id = $1))
      AND ($2::text IS NULL OR l.minion_id LIKE $2)
      AND ($6::text[] IS NULL OR (l.cluster_id, l.minion_id) IN (SELECT * FROM unnest($6::text[], $7::text[])))
), held AS NOT MATERIALIZED (
    SELECT cluster_id, minion_id, master_uuid, key_state, fingerprint, key_at AS since
    FROM there WHERE key_state IS NOT NULL AND ($3::text IS NULL OR key_state = $3)
    UNION ALL
    SELECT cluster_id, minion_id, master_uuid, 'denied', denied_fingerprint, denied_at
    FROM there WHERE denied_fingerprint IS NOT NULL AND ($3 IS NULL OR $3 = 'denied')
), page AS (
    SELECT *, row_number() OVER () AS place
    FROM (
        SELECT h.*, ma.master_id FROM held h JOIN master ma USING (master_uuid)
        ORDER BY h.minion_id COLLATE "C", ma.master_id COLLATE "C", h.key_state
        LIMIT NULLIF($4::bigint, -1) OFFSET $5::bigint
    ) AS sorted
)
-- A page that is not full is the last one: then nothing is counted.
SELECT CASE WHEN n.rows <> $4::bigint AND (n.rows > 0 OR $5::bigint = 0) THEN $5 + n.rows ELSE (SELECT count(*) FROM held) END AS count,
       p.cluster_id, p.minion_id, p.master_id, p.key_state, p.fingerprint, p.since,
       p.minion_id IS NOT NULL
       AND (SELECT count(DISTINCT o.fingerprint) FROM link o
            WHERE o.cluster_id = p.cluster_id AND o.minion_id = p.minion_id AND o.key_state IN ('accepted', 'pending')) > 1 AS conflict
FROM (SELECT count(*) AS rows FROM page) AS n LEFT JOIN page p ON true
ORDER BY p.place
