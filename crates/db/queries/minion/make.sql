-- Minions that are met for the first time. Nearly always all are known: an INSERT would make each row, with all that is
-- derived of it, before it finds that.
INSERT INTO minion (cluster_id, minion_id, created_at)
SELECT $1, n.minion_id, $2 FROM unnest($3::text[]) AS n(minion_id)
WHERE NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = $1 AND m.minion_id = n.minion_id)
ORDER BY n.minion_id
ON CONFLICT DO NOTHING
