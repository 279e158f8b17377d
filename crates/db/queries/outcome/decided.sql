-- Returns that came now decide outcomes that had none yet, or that nobody knew of. Each comes back with the state that it found; what
-- had a return already does not. What an outcome was is kept here, as the trigger would: that costs as much as the update.
-- ON CONFLICT and no join: one look at the primary key for each, also while a young partition has no statistics.
INSERT INTO outcome AS o (day, cluster_id, jid, minion_id, state, reason, master_uuid, retcode, unexpected, witnesses,
                          created_at, changed_at)
SELECT $1, $2, i.jid, i.minion_id, CASE WHEN i.good THEN 'succeeded' ELSE 'failed' END,
       CASE WHEN i.planned THEN 'returned, though the plan did not expect it'
            WHEN i.good THEN 'returned' ELSE 'returned with errors' END,
       $3, i.retcode, i.planned, 1, $4, $4
FROM unnest($5::text[], $6::text[], $7::boolean[], $8::bigint[], $9::boolean[]) AS i(jid, minion_id, good, retcode, planned)
ON CONFLICT (day, cluster_id, jid, minion_id) DO UPDATE
SET state = EXCLUDED.state, master_uuid = EXCLUDED.master_uuid, retcode = EXCLUDED.retcode, deadline = NULL, witnesses = 1,
    changed_at = GREATEST(EXCLUDED.changed_at, o.changed_at),
    late = o.late OR o.state IN ('no_answer', 'not_delivered', 'result_unknown', 'cancelled'),
    reason = CASE WHEN o.state IN ('no_answer', 'not_delivered', 'result_unknown', 'cancelled')
                      THEN 'returned late; before that: ' || o.reason
                  WHEN EXCLUDED.state = 'succeeded' THEN 'returned' ELSE 'returned with errors' END,
    past = CASE WHEN cardinality(o.past) < 32
                THEN array_append(o.past, ROW(o.changed_at, o.state, left(o.reason, 2000), o.master_uuid, o.late,
                                              o.ran_twice)::outcome_change)
                ELSE o.past END
WHERE o.state NOT IN ('succeeded', 'failed')
RETURNING o.jid, o.minion_id, o.past[cardinality(o.past)].state AS found
