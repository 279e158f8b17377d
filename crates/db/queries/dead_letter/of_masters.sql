-- How many letters each master has, the newest of them, and what it says.
SELECT DISTINCT ON (master_uuid) master_uuid, count(*) OVER (PARTITION BY master_uuid) AS letters, at, reason
FROM dead_letter
ORDER BY master_uuid, dead_letter_id DESC
