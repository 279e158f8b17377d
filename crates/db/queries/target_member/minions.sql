-- These minions, where they are still there. $3 with their grains
SELECT m.cluster_id, m.minion_id, m.grains IS NOT NULL AS told, CASE WHEN $3::boolean THEN m.grains::text END AS grains
FROM unnest($1::text[], $2::text[]) AS w(cluster_id, minion_id) JOIN minion m USING (cluster_id, minion_id)
