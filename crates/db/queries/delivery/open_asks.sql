-- How many questions about jobs each master was given and has not answered.
SELECT master_uuid, count(*) AS asks FROM delivery
WHERE work = 'ask' AND state IN ('queued', 'leased')
GROUP BY master_uuid
