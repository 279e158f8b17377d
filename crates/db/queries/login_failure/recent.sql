-- Failures since then: of this name from this address, from this address, and of this name.
SELECT coalesce(sum(failures) FILTER (WHERE address = $3 AND config_name = $1 AND username = $2), 0) AS here,
       coalesce(sum(failures) FILTER (WHERE address = $3), 0) AS of_address,
       coalesce(sum(failures) FILTER (WHERE config_name = $1 AND username = $2), 0) AS of_name,
       max(last_at) FILTER (WHERE address = $3) AS last_at
FROM login_failure
WHERE last_at >= $4 AND (address = $3 OR (config_name = $1 AND username = $2))
