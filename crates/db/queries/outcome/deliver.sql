-- A master took a job for these minions. Those that nobody expected are expected from now on.
-- What had been written off as not delivered is open again: the publish is a fact. Whoever returned before the master
-- could say that it published to them was expected all the same.
WITH named AS (
    SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::timestamptz[]) AS n(day, jid, minion_id, deadline)
), before AS (
    SELECT n.*, o.state FROM named n
    LEFT JOIN outcome o ON o.day = n.day AND o.cluster_id = $5 AND o.jid = n.jid AND o.minion_id = n.minion_id
), new AS (
    -- Nobody else makes any meanwhile: the caller holds the rows of their commands.
    INSERT INTO outcome (day, cluster_id, jid, minion_id, state, reason, master_uuid, created_at, changed_at, deadline)
    SELECT b.day, $5, b.jid, b.minion_id, 'delivered', $6, $7, $8, $8, b.deadline
    FROM before b WHERE b.state IS NULL
    ORDER BY b.day, b.jid, b.minion_id
), taken AS (
    -- ON CONFLICT and no join: one look at the primary key for each, also while a young partition has no statistics.
    INSERT INTO outcome (day, cluster_id, jid, minion_id, state, reason, master_uuid, created_at, changed_at, deadline)
    SELECT b.day, $5, b.jid, b.minion_id, 'delivered', $6, $7, $8, $8, b.deadline
    FROM before b WHERE b.state IN ('queued', 'not_delivered')
    ORDER BY b.day, b.jid, b.minion_id
    ON CONFLICT (day, cluster_id, jid, minion_id) DO UPDATE
    SET state = 'delivered', reason = EXCLUDED.reason, changed_at = EXCLUDED.changed_at, deadline = EXCLUDED.deadline,
        master_uuid = COALESCE(outcome.master_uuid, EXCLUDED.master_uuid)
), named_late AS (
    UPDATE outcome o
    SET unexpected = false, changed_at = CASE WHEN o.ran_twice THEN o.changed_at ELSE $8 END,
        reason = CASE WHEN o.ran_twice THEN o.reason WHEN o.state = 'succeeded' THEN 'returned' ELSE 'returned with errors' END
    FROM before b
    WHERE o.day = b.day AND o.cluster_id = $5 AND o.jid = b.jid AND o.minion_id = b.minion_id
      AND o.unexpected AND b.state IN ('succeeded', 'failed')
)
SELECT jid, count(*) FILTER (WHERE state IS NULL) AS expected,
       count(*) FILTER (WHERE state IS NULL OR state = 'not_delivered') AS open,
       0::bigint AS good, 0::bigint AS failed
FROM before GROUP BY jid ORDER BY jid
