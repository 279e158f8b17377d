-- Outcomes that had no return yet, and whose deciding return came now.
INSERT INTO outcome (day, cluster_id, jid, minion_id, state, reason, master_uuid, retcode, unexpected, witnesses,
                     created_at, changed_at)
SELECT $1, $2, i.jid, i.minion_id, CASE WHEN i.good THEN 'succeeded' ELSE 'failed' END,
       CASE WHEN i.planned THEN 'returned, though the plan did not expect it'
            WHEN i.good THEN 'returned' ELSE 'returned with errors' END,
       $3, i.retcode, i.planned, 1, $4, $4
FROM unnest($5::text[], $6::text[], $7::boolean[], $8::bigint[], $9::boolean[]) AS i(jid, minion_id, good, retcode, planned)
ON CONFLICT (day, cluster_id, jid, minion_id) DO UPDATE
SET state = EXCLUDED.state, master_uuid = EXCLUDED.master_uuid, retcode = EXCLUDED.retcode, deadline = NULL,
    witnesses = 1, changed_at = EXCLUDED.changed_at,
    late = outcome.late OR outcome.state IN ('no_answer', 'not_delivered', 'result_unknown', 'cancelled'),
    reason = CASE WHEN outcome.state IN ('no_answer', 'not_delivered', 'result_unknown', 'cancelled')
                      THEN 'returned late; before that: ' || outcome.reason
                  WHEN EXCLUDED.state = 'succeeded' THEN 'returned' ELSE 'returned with errors' END
