-- Minions that no remaining master knows; and what is kept of them.
WITH gone AS (
    DELETE FROM minion m
    WHERE m.cluster_id = $1
      AND NOT EXISTS (SELECT FROM link l WHERE l.cluster_id = m.cluster_id AND l.minion_id = m.minion_id)
    RETURNING m.cluster_id, m.minion_id
)
INSERT INTO highstate_todo (cluster_id, minion_id) SELECT cluster_id, minion_id FROM gone
