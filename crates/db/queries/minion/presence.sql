-- $1 present masters, $2 evidence before it is stale, $3 master or cluster, $4 cluster, $5 minion pattern, $6 status,
-- $7 pattern of the text of all addresses, $8 where that may be wrong a regular expression of the same, $9 host pattern,
-- $10 limit, $11 offset, $12 and $13 the only minions that the reader may see. The ORDER BY line is replaced by another of a closed list.
WITH known AS NOT MATERIALIZED (
    SELECT m.cluster_id, m.minion_id, m.seen_at, m.seen_by,
           minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($1::uuid[]), $2::timestamptz) AS status
    FROM known_minion m
    WHERE ($3::text IS NULL OR m.cluster_id = $3 OR m.seen_by = (SELECT by.master_uuid FROM master by WHERE by.master_id = $3))
      AND ($4::text IS NULL OR m.cluster_id = $4)
      AND ($5::text IS NULL OR m.minion_id LIKE $5)
      AND ($7::text IS NULL OR (m.ipv4 LIKE $7 AND ($8::text IS NULL OR m.ipv4 ~ $8)))
      AND ($9::text IS NULL OR m.host LIKE $9)
      AND ($12::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($12::text[], $13::text[])))
), matched AS NOT MATERIALIZED (
    SELECT * FROM known WHERE $6::text IS NULL OR status = $6
), page AS (
    -- Names only: in their order an index has all of it.
    SELECT *, row_number() OVER () AS place
    FROM (
        SELECT x.cluster_id, x.minion_id FROM matched x
        ORDER BY x.minion_id COLLATE "C", x.cluster_id COLLATE "C"
        LIMIT NULLIF($10::bigint, -1) OFFSET $11::bigint
    ) AS sorted
)
-- A page that is not full is the last one: then nothing is counted.
SELECT CASE WHEN n.rows <> $10::bigint AND (n.rows > 0 OR $11::bigint = 0) THEN $11 + n.rows ELSE (SELECT count(*) FROM matched) END AS count,
       p.cluster_id, p.minion_id, m.seen_at, m.evidence, ma.master_id,
       minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($1::uuid[]), $2::timestamptz) AS status
FROM (SELECT count(*) AS rows FROM page) AS n LEFT JOIN page p ON true LEFT JOIN minion m ON m.cluster_id = p.cluster_id AND m.minion_id = p.minion_id
LEFT JOIN master ma ON ma.master_uuid = m.seen_by
ORDER BY p.place
