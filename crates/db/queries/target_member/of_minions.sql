-- What is kept of these minions.
SELECT t.cluster_id, t.minion_id, array_agg(t.group_no) AS groups, array_agg(t.sure) AS sure
FROM unnest($1::text[], $2::text[]) AS w(cluster_id, minion_id) JOIN target_member t USING (cluster_id, minion_id)
GROUP BY t.cluster_id, t.minion_id
