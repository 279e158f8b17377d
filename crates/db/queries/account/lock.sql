-- Changes of accounts, groups and roles go one after the other.
SELECT pg_advisory_xact_lock($1)
