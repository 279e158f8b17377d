-- Masters that were asked for a change of these minions' keys, given as (cluster, minion), and have not said that it is done:
-- what they hold may change any moment.
SELECT c.cluster_id, c.minion_id, ma.master_id
FROM unnest($1::text[], $2::text[]) AS w(cluster_id, minion_id)
JOIN key_change c ON c.cluster_id = w.cluster_id AND c.minion_id = w.minion_id AND c.done_at IS NULL
JOIN master ma USING (master_uuid)
