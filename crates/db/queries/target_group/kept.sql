-- Every group as it is now, for who works out members.
SELECT number, version, name, tgt::text AS tgt FROM target_group ORDER BY number
