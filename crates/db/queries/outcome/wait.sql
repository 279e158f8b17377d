-- Nothing can be said of these yet: they are looked at again later.
UPDATE outcome o SET deadline = w.deadline
FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS w(day, cluster_id, jid, minion_id, deadline)
WHERE o.day = w.day AND o.cluster_id = w.cluster_id AND o.jid = w.jid AND o.minion_id = w.minion_id
  AND o.state IN ('queued', 'delivered', 'running')
