-- Outcomes whose deadline passed, oldest first.
SELECT o.day, o.cluster_id, o.jid, o.minion_id, o.state, o.master_uuid, o.asked, o.deadline, c.cmd, c.timeout_ms, c.source
FROM outcome o JOIN command c ON c.jid = o.jid
WHERE o.deadline <= $1
ORDER BY o.deadline, o.jid, o.minion_id
LIMIT $2
