-- The open outcomes of a command are looked at then, if not before.
UPDATE outcome o SET deadline = $2
FROM command c
WHERE c.jid = $1 AND o.day = c.day AND o.cluster_id = ANY(c.clusters) AND o.jid = c.jid
  AND o.state IN ('queued', 'delivered', 'running') AND o.deadline > $2
