-- Minions that are not there any more: they are to be forgotten.
INSERT INTO highstate_todo (cluster_id, minion_id)
SELECT DISTINCT h.cluster_id, h.minion_id FROM highstate_minion h
WHERE NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id)
