-- Minions with an accepted key on any master of their cluster, with their links.
SELECT n.cluster_id, n.minion_id, CASE WHEN $3::boolean THEN n.grains::text END AS grains,
       n.seen_at, n.seen_by, n.silent_at, l.masters, l.keys, l.seen, l.silent, l.attached
FROM minion n
JOIN (SELECT cluster_id, minion_id, array_agg(master_uuid) AS masters,
             array_agg(key_state IS NOT DISTINCT FROM 'accepted') AS keys,
             array_agg(seen_at) AS seen, array_agg(silent_at) AS silent,
             array_agg(attached_at) AS attached
      FROM link
      WHERE cluster_id = ANY($1::text[]) AND ($2::text[] IS NULL OR minion_id = ANY($2))
      GROUP BY cluster_id, minion_id
      HAVING bool_or(key_state = 'accepted')) l USING (cluster_id, minion_id)
WHERE n.cluster_id = ANY($1) AND ($2 IS NULL OR n.minion_id = ANY($2))
ORDER BY n.cluster_id, n.minion_id
