-- Minions that are met for the first time. Nearly always all are known: an INSERT would make each row, with all that is
-- derived of it, before it finds that. A row that is just going is waited for, and made again.
WITH known AS (
    SELECT m.minion_id FROM unnest($3::text[]) AS n(minion_id) JOIN minion m ON m.cluster_id = $1 AND m.minion_id = n.minion_id
    ORDER BY m.minion_id
    FOR KEY SHARE OF m
)
INSERT INTO minion (cluster_id, minion_id, created_at)
SELECT $1, n.minion_id, $2 FROM unnest($3) AS n(minion_id)
WHERE n.minion_id NOT IN (SELECT k.minion_id FROM known k)
ORDER BY n.minion_id
ON CONFLICT DO NOTHING
