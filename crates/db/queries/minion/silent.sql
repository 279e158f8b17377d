-- Minions that did not answer one master's ping. It says something of the minion itself only when that is the master
-- it was last seen on, or when it was never seen at all. Counts the minions for which it is news.
WITH quiet AS (
    SELECT * FROM unnest($3::text[], $4::timestamptz[]) AS q(minion_id, at)
), locked AS (
    SELECT m.minion_id, m.seen_at, m.silent_at FROM minion m
    WHERE m.cluster_id = $1 AND m.minion_id = ANY($3)
    ORDER BY m.minion_id
    FOR NO KEY UPDATE
), linked AS (
    UPDATE link l SET silent_at = q.at
    FROM quiet q JOIN locked USING (minion_id)
    WHERE l.cluster_id = $1 AND l.minion_id = q.minion_id AND l.master_uuid = $2
      AND (l.silent_at IS NULL OR l.silent_at < q.at)
), fell AS (
    UPDATE minion m SET silent_at = q.at
    FROM quiet q JOIN locked o USING (minion_id)
    WHERE m.cluster_id = $1 AND m.minion_id = q.minion_id
      AND (m.seen_by = $2 OR m.seen_at IS NULL)
      AND (m.silent_at IS NULL OR m.silent_at < q.at)
    RETURNING (o.seen_at IS NULL AND o.silent_at IS NULL)
              OR (q.at > o.seen_at AND (o.silent_at IS NULL OR o.silent_at <= o.seen_at)) AS news
)
SELECT count(*) FILTER (WHERE news) AS news FROM fell
