-- Which of these outcomes are still open, with how often they were asked about.
SELECT o.minion_id, o.state, o.asked, o.unheld_since, o.master_uuid
FROM outcome o
WHERE o.day = $1 AND o.cluster_id = $2 AND o.jid = $3 AND ($4::text[] IS NULL OR o.minion_id = ANY($4))
  AND o.state IN ('queued', 'delivered', 'running')
ORDER BY o.minion_id
