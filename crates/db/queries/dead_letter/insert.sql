INSERT INTO dead_letter (master_uuid, epoch, n, reason, record, at)
SELECT $1, $2, d.n, d.reason, d.record, $3
FROM unnest($4::bigint[], $5::text[], $6::bytea[]) AS d(n, reason, record)
ON CONFLICT (master_uuid, epoch, n) DO NOTHING
