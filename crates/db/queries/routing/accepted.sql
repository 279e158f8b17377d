-- Minions with an accepted key, by master.
SELECT m.master_id, array_agg(l.minion_id ORDER BY l.minion_id) FILTER (WHERE l.minion_id IS NOT NULL) AS minions
FROM master m LEFT JOIN link l ON l.master_uuid = m.master_uuid AND l.key_state = 'accepted'
     AND ($1::text[] IS NULL OR (l.cluster_id, l.minion_id) IN (SELECT * FROM unnest($1::text[], $2::text[])))
GROUP BY m.master_id ORDER BY m.master_id
