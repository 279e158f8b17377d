-- $1 present masters, $2 evidence before it is stale, $3 master or cluster, $4 cluster, $5 minion pattern, $6 status,
-- $7 ipv4 pattern, $8 host pattern, $9 master ids apart from cluster ids, $10 sort by, $11 reverse, $12 limit, $13 offset
WITH known AS (
    SELECT m.cluster_id, m.minion_id, m.seen_at, m.evidence, ma.master_id,
           minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($1::uuid[]), $2::timestamptz) AS status
    FROM known_minion m LEFT JOIN master ma ON ma.master_uuid = m.seen_by
    WHERE ($3::text IS NULL OR m.cluster_id = $3 OR ma.master_id = $3)
      AND ($4::text IS NULL OR m.cluster_id = $4)
      AND ($5::text IS NULL OR m.minion_id LIKE $5)
      AND ($7::text IS NULL
           OR EXISTS (SELECT FROM jsonb_array_elements_text(
                          CASE WHEN jsonb_typeof(m.grains -> 'ipv4') = 'array' THEN m.grains -> 'ipv4' ELSE '[]' END) AS a
                      WHERE a LIKE $7))
      AND ($8::text IS NULL OR m.grains ->> 'host' LIKE $8)
      AND ($14::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($14::text[], $15::text[])))
), matched AS (
    SELECT *, CASE $10::text
                  WHEN 'master' THEN CASE WHEN $9::boolean THEN master_id ELSE cluster_id END
                  WHEN 'status' THEN status
                  WHEN 'timestamp' THEN to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
                  ELSE minion_id END COLLATE "C" AS sort_key
    FROM known WHERE $6::text IS NULL OR status = $6
), ordered AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $11::boolean THEN sort_key END, CASE WHEN $11 THEN sort_key END DESC NULLS LAST,
                                          minion_id COLLATE "C", cluster_id COLLATE "C") AS place
    FROM matched
), page AS (
    SELECT * FROM ordered ORDER BY place LIMIT NULLIF($12::bigint, -1) OFFSET $13::bigint
)
SELECT (SELECT count(*) FROM matched) AS count, p.cluster_id, p.minion_id, p.seen_at, p.evidence, p.master_id, p.status
FROM (SELECT) AS always LEFT JOIN page p ON true
ORDER BY p.place
