-- Those of these commands that $4 sent, or that have an outcome of one of these minions.
SELECT c.jid FROM command c
WHERE c.jid = ANY($1)
  AND (c.user_uuid = $4
       OR EXISTS (SELECT FROM outcome o JOIN unnest($2::text[], $3::text[]) AS own(cluster_id, minion_id) USING (cluster_id, minion_id)
                  WHERE o.day = c.day AND o.jid = c.jid))
