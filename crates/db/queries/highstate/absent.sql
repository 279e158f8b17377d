-- Minions that are not there any more: they are to be forgotten. And those that came back before they were, without their sums.
INSERT INTO highstate_todo (cluster_id, minion_id)
SELECT DISTINCT h.cluster_id, h.minion_id FROM highstate_minion h
WHERE NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id)
UNION
SELECT t.cluster_id, t.minion_id FROM highstate_total t
WHERE NOT EXISTS (SELECT FROM highstate_sum s WHERE s.cluster_id = t.cluster_id AND s.minion_id = t.minion_id AND s.test = t.test)
