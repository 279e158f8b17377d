-- Every minion, for limits of accounts.
SELECT cluster_id, minion_id, CASE WHEN $1::boolean THEN grains::text END AS grains FROM minion
ORDER BY cluster_id COLLATE "C", minion_id COLLATE "C"
