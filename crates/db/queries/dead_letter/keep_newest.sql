-- The newest letters of a master stay, up to a number and a size; the others are a gap with their count.
WITH ranked AS (
    SELECT dead_letter_id, row_number() OVER newest AS place, sum(octet_length(record)) OVER newest AS bytes
    FROM dead_letter WHERE master_uuid = $1
    WINDOW newest AS (ORDER BY dead_letter_id DESC)
), dropped AS (
    DELETE FROM dead_letter d USING ranked r
    WHERE r.dead_letter_id = d.dead_letter_id AND r.place > 1 AND (r.place > $2::bigint OR r.bytes > $3::bigint)
    RETURNING d.at
), told AS (
    INSERT INTO gap AS g (master_uuid, started_at, ended_at, count, why, reported_at, cause)
    SELECT $1, min(at), max(at), count(*), $4, $5, 'dead_letters' FROM dropped HAVING count(*) > 0
    ON CONFLICT (master_uuid, started_at, ended_at) DO UPDATE SET count = COALESCE(g.count, 0) + EXCLUDED.count
)
SELECT count(*) AS dropped FROM dropped
