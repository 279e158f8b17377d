-- Values of one grain, each once. $1 its name, $2 master or cluster, $3 minion pattern
SELECT DISTINCT m.grains -> $1::text AS value, (m.grains -> $1)::text AS text
FROM known_minion m LEFT JOIN master ma ON ma.master_uuid = m.seen_by
WHERE m.grains -> $1 IS NOT NULL
  AND ($2::text IS NULL OR m.cluster_id = $2 OR ma.master_id = $2)
  AND ($3::text IS NULL OR m.minion_id LIKE $3)
  AND ($4::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($4::text[], $5::text[])))
  AND ($6::integer IS NULL OR
       m.accepted > 0 AND (m.cluster_id, m.minion_id) IN (SELECT t.cluster_id, t.minion_id FROM target_member t WHERE t.group_no = $6))
ORDER BY 1
