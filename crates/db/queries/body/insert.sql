-- Identical bodies once a day.
INSERT INTO body (day, hash, json, original, size)
SELECT * FROM unnest($1::date[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[])
    AS b(day, hash, json, original, size)
ORDER BY 1, 2
ON CONFLICT (day, hash) DO NOTHING
