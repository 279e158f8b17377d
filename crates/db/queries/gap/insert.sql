INSERT INTO gap (master_uuid, started_at, ended_at, count, why, reported_at)
SELECT $1, g.started_at, g.ended_at, g.count, g.why, $2
FROM unnest($3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::text[]) AS g(started_at, ended_at, count, why)
ON CONFLICT DO NOTHING
