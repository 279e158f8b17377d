-- "tmembers" as a number: one server at a time writes members.
SELECT pg_try_advisory_xact_lock(8389473201337758323) AS taken
