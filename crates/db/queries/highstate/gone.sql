-- Which of these minions are not there any more.
SELECT r.minion_id FROM unnest($2::text[]) AS r(minion_id)
WHERE NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = $1 AND m.minion_id = r.minion_id)
