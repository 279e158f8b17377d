-- Enrolments and decisions of operators follow one another: they are rare, and each looks at several masters.
SELECT pg_advisory_xact_lock(7234001)
