-- Every minion that belongs to its cluster.
SELECT cluster_id, minion_id FROM known_minion ORDER BY minion_id, cluster_id
