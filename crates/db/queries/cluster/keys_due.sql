-- Clusters whose keys are to be compared now. Held, so that two servers do not both ask for the same changes.
SELECT cluster_id FROM cluster WHERE keys_look_at <= $1 ORDER BY keys_look_at, cluster_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
