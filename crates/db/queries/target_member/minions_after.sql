-- The next minions after one. $3 with their grains, $4 at most
SELECT m.cluster_id, m.minion_id, m.grains IS NOT NULL AS told, CASE WHEN $3::boolean THEN m.grains::text END AS grains
FROM minion m
WHERE (m.cluster_id, m.minion_id) > ($1::text, $2::text)
ORDER BY m.cluster_id, m.minion_id
LIMIT $4::bigint
