-- A run that nobody claimed moves to another master, and its outcome with it, unless that master has one already.
UPDATE outcome o SET minion_id = $5, master_uuid = $6, reason = $7, deadline = $8, changed_at = $9
WHERE o.day = $1 AND o.cluster_id = $2 AND o.jid = $3 AND o.minion_id = $4 AND o.state = 'queued'
  AND ($4 = $5 OR NOT EXISTS (SELECT FROM outcome p
                  WHERE p.day = $1 AND p.cluster_id = $2 AND p.jid = $3 AND p.minion_id = $5))
