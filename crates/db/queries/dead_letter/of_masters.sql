-- How many letters each master has, the newest of them, and what it says.
SELECT t.master_uuid, t.letters, d.at, d.reason
FROM (SELECT master_uuid, count(*) AS letters, max(dead_letter_id) AS newest FROM dead_letter GROUP BY master_uuid) AS t
JOIN dead_letter d ON d.dead_letter_id = t.newest
ORDER BY t.master_uuid
