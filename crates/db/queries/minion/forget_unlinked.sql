-- Minions that no remaining master knows. The table notes itself who goes.
DELETE FROM minion m
WHERE m.cluster_id = $1
  AND NOT EXISTS (SELECT FROM link l WHERE l.cluster_id = m.cluster_id AND l.minion_id = m.minion_id)
