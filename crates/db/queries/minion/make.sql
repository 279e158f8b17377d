-- Minions that are met for the first time.
INSERT INTO minion (cluster_id, minion_id, created_at)
SELECT $1, n.minion_id, $2 FROM unnest($3::text[]) AS n(minion_id)
ORDER BY n.minion_id
ON CONFLICT DO NOTHING
