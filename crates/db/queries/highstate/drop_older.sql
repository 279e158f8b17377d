-- What a whole highstate did not name any more.
DELETE FROM highstate_row h
USING highstate_minion m
WHERE m.cluster_id = $1 AND m.minion_id = ANY($2::text[])
  AND h.cluster_id = m.cluster_id AND h.minion_id = m.minion_id AND h.test = m.test AND h.saltenv = m.saltenv AND h.jid < m.full_jid
