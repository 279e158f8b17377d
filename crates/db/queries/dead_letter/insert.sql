INSERT INTO dead_letter (master_uuid, epoch, n, kind, reason, record, at, clock_skew_ms)
SELECT $1, $2, d.n, d.kind, d.reason, d.record, $3, $4
FROM unnest($5::bigint[], $6::text[], $7::text[], $8::bytea[]) AS d(n, kind, reason, record)
ON CONFLICT (master_uuid, epoch, n) DO NOTHING
