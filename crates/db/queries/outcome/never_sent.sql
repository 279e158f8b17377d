-- What had been given up as "may have run" was certainly never published, as is known now.
UPDATE outcome o SET state = 'not_delivered', reason = $4, changed_at = $5
WHERE o.day = $1 AND o.cluster_id = $2 AND o.jid = $3 AND o.state IN ('no_answer', 'result_unknown')
  AND NOT EXISTS (SELECT FROM delivery v WHERE v.jid = $3 AND v.cluster_id = $2 AND v.work = 'publish'
                      AND v.state NOT IN ('handed_back', 'done'))
