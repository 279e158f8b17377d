-- "raashigh" as a number: one server at a time works runs of states in.
SELECT pg_try_advisory_xact_lock(8241975941365589864) AS taken
