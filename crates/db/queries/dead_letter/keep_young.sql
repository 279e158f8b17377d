-- Letters from before a time go; of each master that still is one, with a gap that counts them.
WITH dropped AS (
    DELETE FROM dead_letter WHERE at < $1 RETURNING master_uuid, at
), told AS (
    INSERT INTO gap AS g (master_uuid, started_at, ended_at, count, why, reported_at, cause)
    SELECT d.master_uuid, min(d.at), max(d.at), count(*), $2, $3, 'dead_letters'
    FROM dropped d JOIN master USING (master_uuid)
    GROUP BY d.master_uuid
    ON CONFLICT (master_uuid, started_at, ended_at) DO UPDATE SET count = COALESCE(g.count, 0) + EXCLUDED.count
)
SELECT count(*) AS dropped FROM dropped
