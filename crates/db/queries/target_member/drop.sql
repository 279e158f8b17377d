-- No members any more.
DELETE FROM target_member t
USING unnest($1::integer[], $2::text[], $3::text[]) AS g(group_no, cluster_id, minion_id)
WHERE t.group_no = g.group_no AND t.cluster_id = g.cluster_id AND t.minion_id = g.minion_id
