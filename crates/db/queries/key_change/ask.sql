-- Changes that masters are asked for: with a delivery ($6), or to be tried when the master is there (null).
INSERT INTO key_change AS c (cluster_id, minion_id, master_uuid, action, since, delivery_id, tried_at, tries)
SELECT a.cluster_id, a.minion_id, a.master_uuid, a.action, $1::timestamptz, a.delivery_id,
       CASE WHEN a.delivery_id IS NOT NULL THEN $1 END, CASE WHEN a.delivery_id IS NOT NULL THEN 1 ELSE 0 END
FROM unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[]) AS a(cluster_id, minion_id, master_uuid, action, delivery_id)
ORDER BY a.cluster_id, a.minion_id, a.master_uuid
ON CONFLICT (cluster_id, minion_id, master_uuid) DO UPDATE SET
    -- The same once more, or something else that was decided since.
    since = CASE WHEN c.action = EXCLUDED.action THEN c.since ELSE EXCLUDED.since END,
    tries = CASE WHEN c.action = EXCLUDED.action THEN c.tries ELSE 0 END + EXCLUDED.tries,
    error = CASE WHEN c.action = EXCLUDED.action THEN c.error END,
    action = EXCLUDED.action, delivery_id = EXCLUDED.delivery_id,
    tried_at = COALESCE(EXCLUDED.tried_at, c.tried_at), done_at = NULL
