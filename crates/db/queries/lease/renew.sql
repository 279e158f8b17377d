UPDATE lease
SET held_until = clock_timestamp() + make_interval(secs => $3)
WHERE name = $1 AND holder = $2 AND held_until >= clock_timestamp()
