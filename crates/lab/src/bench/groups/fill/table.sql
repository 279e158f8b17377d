-- How large what is kept is.
SELECT (SELECT count(*) FROM target_member) AS rows, pg_table_size('target_member') AS heap, pg_indexes_size('target_member') AS indexes,
       (SELECT count(*) FROM minion) AS minions
