-- $1 present masters, $2 evidence before it is stale, $3 pattern of cluster or master, $4 minion pattern, $5 grains that all must have,
-- $6 sort by: null the id, master_id, or a grain, $7 reverse, $8 limit, $9 offset, $10 and $11 the only
-- minions that the reader may see
WITH matched AS (
    SELECT m.cluster_id, m.minion_id, ma.master_id,
           CASE WHEN $6::text IS NULL THEN m.minion_id
                WHEN $6 = 'master_id' THEN COALESCE(ma.master_id, m.cluster_id)
                ELSE m.grains ->> $6 END COLLATE "C" AS sort_key
    FROM known_minion m LEFT JOIN master ma ON ma.master_uuid = m.seen_by
    WHERE ($3::text IS NULL OR m.cluster_id LIKE $3 OR ma.master_id LIKE $3)
      AND ($4::text IS NULL OR m.minion_id LIKE $4)
      AND ($5::text IS NULL OR m.grains @> $5::text::jsonb)
      AND ($10::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($10::text[], $11::text[])))
), ordered AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $7::boolean THEN sort_key END, CASE WHEN $7 THEN sort_key END DESC NULLS LAST,
                                          minion_id COLLATE "C", cluster_id COLLATE "C") AS place
    FROM matched
), page AS (
    SELECT * FROM ordered ORDER BY place LIMIT NULLIF($8::bigint, -1) OFFSET $9::bigint
)
SELECT (SELECT count(*) FROM matched) AS count, p.cluster_id, p.minion_id, p.master_id, m.seen_at, m.grains::text AS grains, m.grains_at,
       minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($1::uuid[]), $2::timestamptz) AS status
FROM (SELECT) AS always LEFT JOIN page p ON true LEFT JOIN minion m ON m.cluster_id = p.cluster_id AND m.minion_id = p.minion_id
ORDER BY p.place
