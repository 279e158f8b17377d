-- Outcomes whose deadline passed, oldest first; of all commands, or of some. They are found first, by their deadlines: from the
-- commands, all outcomes would be read.
SELECT o.day, o.cluster_id, o.jid, o.minion_id, o.state, o.master_uuid, o.asked, o.changed_at, o.unheld_since,
       c.cmd, c.timeout_ms, c.source, CASE WHEN c.control = 'stop' THEN c.control_by END AS stopped_by
FROM (SELECT * FROM outcome
      WHERE deadline <= $1 AND ($2::text[] IS NULL OR jid = ANY($2))
      ORDER BY deadline, jid, minion_id
      LIMIT $3) o
JOIN command c ON c.jid = o.jid AND c.day = o.day AND o.cluster_id = ANY(c.clusters)
ORDER BY o.deadline, o.jid, o.minion_id
