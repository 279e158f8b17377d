-- Grains that came from one master; older ones never replace newer ones. "None any more" counts only when no other
-- master holds an accepted key of the minion.
WITH given AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::timestamptz[]) AS g(minion_id, grains, at)
), locked AS (
    SELECT m.minion_id FROM minion m
    WHERE m.cluster_id = $1 AND m.minion_id = ANY($3)
    ORDER BY m.minion_id
    FOR NO KEY UPDATE
)
UPDATE minion m SET grains = g.grains::jsonb, grains_at = g.at
FROM given g JOIN locked USING (minion_id)
WHERE m.cluster_id = $1 AND m.minion_id = g.minion_id AND (m.grains_at IS NULL OR m.grains_at <= g.at)
  AND (g.grains IS NOT NULL
       OR NOT EXISTS (SELECT FROM link l
                      WHERE l.cluster_id = $1 AND l.minion_id = m.minion_id AND l.master_uuid <> $2
                        AND l.key_state = 'accepted'))
