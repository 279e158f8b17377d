-- $1 present masters, $2 evidence before it is stale, $3 pattern of cluster or master, $4 minion pattern, $5 grains that all must have
-- which are traits, $6 a grain that may be sorted by, $7 limit, $8 offset, $9 and $10 the only minions that the reader may see, $11 other
-- grains that all must have, $12 a group whose members they are. The ORDER BY line is replaced by another of a closed list.
WITH matched AS NOT MATERIALIZED (
    SELECT m.*, $6::text AS grain
    FROM known_minion m
    WHERE ($3::text IS NULL OR m.cluster_id LIKE $3 OR m.seen_by = ANY(ARRAY(SELECT by.master_uuid FROM master by WHERE by.master_id LIKE $3)))
      AND ($4::text IS NULL OR m.minion_id LIKE $4)
      AND ($5::text IS NULL OR m.traits @> (SELECT grain_traits($5::text::jsonb)) OR m.traits @> '{0}' AND m.grains @> $5::text::jsonb)
      AND ($11::text IS NULL OR m.grains @> $11::text::jsonb)
      AND ($9::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($9::text[], $10::text[])))
      AND ($12::integer IS NULL OR
           m.accepted > 0 AND (m.cluster_id, m.minion_id) IN (SELECT t.cluster_id, t.minion_id FROM target_member t WHERE t.group_no = $12))
), page AS (
    -- Grains are large: only those of the page are read. In the order of names an index has all of it.
    SELECT *, row_number() OVER () AS place
    FROM (
        SELECT x.cluster_id, x.minion_id FROM matched x
        ORDER BY x.minion_id COLLATE "C", x.cluster_id COLLATE "C"
        LIMIT NULLIF($7::bigint, -1) OFFSET $8::bigint
    ) AS sorted
)
-- A page that is not full is the last one: then nothing is counted.
SELECT CASE WHEN n.rows <> $7::bigint AND (n.rows > 0 OR $8::bigint = 0) THEN $8 + n.rows ELSE (SELECT count(*) FROM matched) END AS count,
       p.cluster_id, p.minion_id, ma.master_id, m.seen_at, m.grains::text AS grains, m.grains_at,
       minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($1::uuid[]), $2::timestamptz) AS status
FROM (SELECT count(*) AS rows FROM page) AS n LEFT JOIN page p ON true LEFT JOIN minion m ON m.cluster_id = p.cluster_id AND m.minion_id = p.minion_id
LEFT JOIN master ma ON ma.master_uuid = m.seen_by
ORDER BY p.place
