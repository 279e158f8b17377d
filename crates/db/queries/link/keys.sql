-- $1 master or cluster, $2 minion pattern, $3 state, $4 sort by, $5 reverse, $6 limit, $7 offset
WITH held AS (
    SELECT l.cluster_id, l.minion_id, ma.master_id, k.key_state, k.fingerprint, k.since
    FROM link l JOIN master ma USING (master_uuid)
    CROSS JOIN LATERAL (
        SELECT l.key_state, l.fingerprint, l.key_at WHERE l.key_state IS NOT NULL
        UNION ALL
        SELECT 'denied', l.denied_fingerprint, l.denied_at WHERE l.denied_fingerprint IS NOT NULL
    ) AS k(key_state, fingerprint, since)
    WHERE ($1::text IS NULL OR l.cluster_id = $1 OR ma.master_id = $1)
      AND ($2::text IS NULL OR l.minion_id LIKE $2)
      AND ($3::text IS NULL OR k.key_state = $3)
      AND ($8::text[] IS NULL OR (l.cluster_id, l.minion_id) IN (SELECT * FROM unnest($8::text[], $9::text[])))
), matched AS (
    SELECT *, CASE $4::text WHEN 'master_id' THEN master_id WHEN 'key_state' THEN key_state ELSE minion_id END COLLATE "C" AS sort_key
    FROM held
), ordered AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $5::boolean THEN sort_key END, CASE WHEN $5 THEN sort_key END DESC,
                                          minion_id COLLATE "C", master_id COLLATE "C", key_state) AS place
    FROM matched
), page AS (
    SELECT * FROM ordered ORDER BY place LIMIT NULLIF($6::bigint, -1) OFFSET $7::bigint
)
SELECT (SELECT count(*) FROM matched) AS count, p.cluster_id, p.minion_id, p.master_id, p.key_state, p.fingerprint, p.since,
       p.minion_id IS NOT NULL
       AND (SELECT count(DISTINCT o.fingerprint) FROM link o
            WHERE o.cluster_id = p.cluster_id AND o.minion_id = p.minion_id AND o.key_state IN ('accepted', 'pending')) > 1 AS conflict
FROM (SELECT) AS always LEFT JOIN page p ON true
ORDER BY p.place
