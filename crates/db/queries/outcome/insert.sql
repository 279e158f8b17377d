-- The outcomes that a plan expects.
INSERT INTO outcome (day, cluster_id, jid, minion_id, state, reason, master_uuid, created_at, changed_at, deadline)
SELECT $1, o.cluster_id, $2, o.minion_id, o.state, o.reason, o.master_uuid, $3, $3, o.deadline
FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[])
     AS o(cluster_id, minion_id, state, reason, master_uuid, deadline)
