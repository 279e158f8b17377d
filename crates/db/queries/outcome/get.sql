-- The outcomes of one minion in one command: one per cluster that has a minion of this id.
SELECT o.day, o.cluster_id, o.minion_id, o.state, o.reason, o.master_uuid, o.retcode, o.late, o.ran_twice, o.unexpected,
       o.witnesses, o.created_at, o.changed_at, o.deadline, o.unheld_since, o.left_out
FROM outcome o JOIN command c ON c.jid = $1 AND o.day = c.day AND o.cluster_id = ANY(c.clusters)
WHERE o.jid = $1 AND o.minion_id = $2 AND ($3::text IS NULL OR o.cluster_id = $3)
ORDER BY o.cluster_id
