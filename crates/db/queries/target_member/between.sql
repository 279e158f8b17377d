-- What is kept of minions in these groups: those after one, up to another.
SELECT t.cluster_id, t.minion_id, array_agg(t.group_no) AS groups, array_agg(t.sure) AS sure
FROM target_member t
WHERE t.group_no = ANY($1::integer[]) AND (t.cluster_id, t.minion_id) > ($2::text, $3::text) AND (t.cluster_id, t.minion_id) <= ($4::text, $5::text)
GROUP BY t.cluster_id, t.minion_id
