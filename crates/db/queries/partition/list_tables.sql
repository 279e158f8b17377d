-- Tables partitioned by ranges of one date column.
SELECT c.relname::text AS "table"
FROM pg_partitioned_table p
JOIN pg_class c ON c.oid = p.partrelid
JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
WHERE p.partstrat = 'r' AND p.partnatts = 1 AND a.atttypid = 'date'::regtype AND c.relnamespace = current_schema()::regnamespace
ORDER BY 1
