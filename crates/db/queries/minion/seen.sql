-- Signs of life on one master, one per minion. A minion moves only forward in the time of the events;
-- its silence is then that of the master that it moved to. Rows are locked in one order, as other masters report too.
-- Counts the minions for which it is news: they moved, were silent, or their last evidence was older than $6.
WITH sign AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::timestamptz[], $7::timestamptz[]) AS s(minion_id, evidence, at, attached_at)
), locked AS (
    SELECT m.minion_id, m.seen_by, m.seen_at, m.silent_at
    FROM sign s JOIN minion m ON m.cluster_id = $1 AND m.minion_id = s.minion_id
    ORDER BY m.minion_id
    FOR NO KEY UPDATE OF m
), linked AS (
    INSERT INTO link AS l (cluster_id, minion_id, master_uuid, seen_at, evidence, attached_at)
    SELECT $1, s.minion_id, $2, s.at, s.evidence, s.attached_at FROM sign s JOIN locked USING (minion_id)
    ORDER BY s.minion_id
    ON CONFLICT (cluster_id, minion_id, master_uuid) DO UPDATE
    -- An attachment counts also when it is told after a newer sign.
    SET seen_at = GREATEST(l.seen_at, EXCLUDED.seen_at),
        evidence = CASE WHEN l.seen_at >= EXCLUDED.seen_at THEN l.evidence ELSE EXCLUDED.evidence END,
        attached_at = GREATEST(l.attached_at, EXCLUDED.attached_at)
    WHERE l.seen_at IS NULL OR l.seen_at < EXCLUDED.seen_at
       OR l.attached_at IS DISTINCT FROM GREATEST(l.attached_at, EXCLUDED.attached_at)
), moved AS (
    UPDATE minion m SET
        seen_at = s.at, seen_by = $2, evidence = s.evidence,
        -- A hot minion is on every master, so that being seen by another one is no move.
        moved_at = CASE WHEN m.seen_by <> $2 AND (SELECT c.kind FROM cluster c WHERE c.cluster_id = $1) = 'failover'
                        THEN (array_prepend(s.at, m.moved_at))[1:10] ELSE m.moved_at END,
        silent_at = CASE WHEN m.seen_by = $2 THEN m.silent_at
                         ELSE (SELECT l.silent_at FROM link l
                               WHERE l.cluster_id = $1 AND l.minion_id = m.minion_id AND l.master_uuid = $2) END
    FROM sign s JOIN locked o USING (minion_id)
    WHERE m.cluster_id = $1 AND m.minion_id = s.minion_id AND (m.seen_at IS NULL OR m.seen_at < s.at)
    RETURNING o.seen_by IS DISTINCT FROM $2 OR o.seen_at IS NULL OR o.seen_at < $6 OR o.silent_at > o.seen_at AS news
)
SELECT count(*) FILTER (WHERE news) AS news FROM moved
