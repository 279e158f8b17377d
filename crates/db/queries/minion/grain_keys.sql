-- Names of grains, each once. $1 master or cluster, $2 minion pattern
SELECT DISTINCT k.key
FROM known_minion m LEFT JOIN master ma ON ma.master_uuid = m.seen_by
CROSS JOIN LATERAL jsonb_object_keys(m.grains) AS k(key)
WHERE m.grains IS NOT NULL
  AND ($1::text IS NULL OR m.cluster_id = $1 OR ma.master_id = $1)
  AND ($2::text IS NULL OR m.minion_id LIKE $2)
  AND ($3::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($3::text[], $4::text[])))
ORDER BY k.key
