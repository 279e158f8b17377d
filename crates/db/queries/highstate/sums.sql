-- Sums of the totals of minions, as far as they are there.
WITH gone AS (
    DELETE FROM highstate_sum s
    WHERE s.cluster_id = $1 AND s.minion_id = ANY($2::text[])
      AND NOT EXISTS (SELECT FROM highstate_total t WHERE t.cluster_id = $1 AND t.minion_id = s.minion_id AND t.test = s.test)
)
INSERT INTO highstate_sum (cluster_id, minion_id, test, states, failed, changed, duration)
SELECT $1, t.minion_id, t.test, sum(t.states), sum(t.failed), sum(t.changed), sum(t.duration)
FROM unnest($2) AS r(minion_id)
JOIN highstate_total t ON t.cluster_id = $1 AND t.minion_id = r.minion_id
WHERE EXISTS (SELECT FROM minion m WHERE m.cluster_id = $1 AND m.minion_id = r.minion_id)
GROUP BY t.minion_id, t.test
ORDER BY t.minion_id, t.test
ON CONFLICT (cluster_id, minion_id, test) DO UPDATE
SET states = EXCLUDED.states, failed = EXCLUDED.failed, changed = EXCLUDED.changed, duration = EXCLUDED.duration
