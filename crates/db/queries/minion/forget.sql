-- Minions that no master of the cluster holds a key of any more, out of those whose key just went. The table notes itself who goes.
DELETE FROM minion m
WHERE m.cluster_id = $1 AND m.minion_id = ANY($2::text[])
  AND NOT EXISTS (SELECT FROM link l
                  WHERE l.cluster_id = m.cluster_id AND l.minion_id = m.minion_id AND l.key_state IS NOT NULL)
