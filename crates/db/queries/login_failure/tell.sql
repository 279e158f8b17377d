-- All rows of the address are marked, or none: who comes at the same time finds them marked.
UPDATE login_failure SET told_at = $2
WHERE address = $1 AND NOT EXISTS (SELECT FROM login_failure t WHERE t.address = $1 AND t.told_at >= $3)
