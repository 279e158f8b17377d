-- $1 present masters, $2 evidence before it is stale, $3 master or cluster, $4 minion pattern, $5 sort by, $6 reverse, $7 limit, $8 offset
WITH matched AS (
    SELECT m.cluster_id, m.minion_id,
           CASE $5::text
               WHEN 'minion' THEN m.minion_id
               WHEN 'master' THEN m.cluster_id
               WHEN 'saltversion' THEN m.grains ->> 'saltversion'
               WHEN 'osfullname' THEN m.grains ->> 'osfullname'
               WHEN 'ipv4' THEN m.grains ->> 'ipv4'
               WHEN 'ipv6' THEN m.grains ->> 'ipv6'
               WHEN 'presence' THEN minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($1::uuid[]), $2::timestamptz)
               ELSE to_char(m.grains_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') END COLLATE "C" AS sort_key
    FROM known_minion m LEFT JOIN master ma ON ma.master_uuid = m.seen_by
    WHERE m.grains IS NOT NULL
      AND ($3::text IS NULL OR m.cluster_id = $3 OR ma.master_id = $3)
      AND ($4::text IS NULL OR m.minion_id LIKE $4)
      AND ($9::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($9::text[], $10::text[])))
), page AS (
    -- Grains are large: only those of the page are read.
    SELECT cluster_id, minion_id, row_number() OVER () AS place
    FROM (SELECT * FROM matched
          ORDER BY CASE WHEN NOT $6::boolean THEN sort_key END, CASE WHEN $6 THEN sort_key END DESC NULLS LAST,
                   minion_id COLLATE "C", cluster_id COLLATE "C"
          LIMIT NULLIF($7::bigint, -1) OFFSET $8::bigint) AS sorted
)
SELECT p.cluster_id, p.minion_id, m.grains::text AS grains
FROM page p JOIN minion m ON m.cluster_id = p.cluster_id AND m.minion_id = p.minion_id
ORDER BY p.place
