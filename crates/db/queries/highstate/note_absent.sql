-- Those of these minions that are not there: what was just stored of them is shown nowhere, and is to be forgotten.
INSERT INTO highstate_todo (cluster_id, minion_id)
SELECT $1, r.minion_id FROM unnest($2::text[]) AS r(minion_id)
WHERE NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = $1 AND m.minion_id = r.minion_id)
