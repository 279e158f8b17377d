-- The chain begins after the last row before this day, which retention is about to drop.
UPDATE audit_head h SET root_number = last.number, root_hash = last.hash
FROM (SELECT number, hash FROM audit WHERE day < $1 AND number IS NOT NULL ORDER BY number DESC LIMIT 1) AS last
WHERE last.number > h.root_number
