-- Of minions that are not there any more.
WITH gone AS (
    DELETE FROM highstate_minion h
    WHERE NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id)
    RETURNING h.cluster_id, h.minion_id
)
DELETE FROM highstate_row r USING gone g WHERE r.cluster_id = g.cluster_id AND r.minion_id = g.minion_id
