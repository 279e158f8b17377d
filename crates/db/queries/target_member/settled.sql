-- The number of a group whose members are all kept, surely, and none of whom changed since: then a list may be narrowed by them.
-- $1 group, $2 its version, $3 it looks at more than ids, $4 clusters in which it may mean minions
SELECT g.number
FROM target_group g
WHERE g.tgt_uuid = $1 AND g.version = $2 AND g.resolved = g.version
  AND NOT EXISTS (SELECT FROM target_todo WHERE minion_id IS NOT NULL)
  AND NOT ($3::boolean AND EXISTS (SELECT FROM minion WHERE grains IS NULL))
  AND NOT EXISTS (SELECT FROM target_member t WHERE t.group_no = g.number AND NOT (t.sure AND t.cluster_id = ANY($4::text[])))
