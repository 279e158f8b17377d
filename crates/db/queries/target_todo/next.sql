-- What is to be worked in next.
SELECT n, cluster_id, minion_id, group_no FROM target_todo ORDER BY n LIMIT $1::bigint
