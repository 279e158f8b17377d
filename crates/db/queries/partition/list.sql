SELECT parent.relname::text AS "table", part.relname::text AS partition
FROM pg_inherits i
JOIN pg_class parent ON parent.oid = i.inhparent
JOIN pg_class part ON part.oid = i.inhrelid
WHERE parent.relkind = 'p' AND parent.relnamespace = current_schema()::regnamespace
ORDER BY 1, 2
