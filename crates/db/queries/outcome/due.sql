-- Outcomes whose deadline passed, oldest first; of all commands, or of some.
SELECT o.day, o.cluster_id, o.jid, o.minion_id, o.state, o.master_uuid, o.asked, o.changed_at, o.unheld_since,
       c.cmd, c.timeout_ms, c.source, CASE WHEN c.control = 'stop' THEN c.control_by END AS stopped_by
FROM outcome o JOIN command c ON c.jid = o.jid AND c.day = o.day AND o.cluster_id = ANY(c.clusters)
WHERE o.deadline <= $1 AND ($2::text[] IS NULL OR o.jid = ANY($2))
ORDER BY o.deadline, o.jid, o.minion_id
LIMIT $3
