-- What an outcome was, oldest first, and what it is now.
SELECT p.at, p.state, p.reason, p.master_uuid, p.late, p.ran_twice
FROM outcome o,
     unnest(o.past || ROW(o.changed_at, o.state, o.reason, o.master_uuid, o.late, o.ran_twice)::outcome_change)
         WITH ORDINALITY AS p(at, state, reason, master_uuid, late, ran_twice, n)
WHERE o.day = $1 AND o.cluster_id = $2 AND o.jid = $3 AND o.minion_id = $4
ORDER BY p.n
