-- What nobody carried out in time, and unclaimed runs whose lease ended: for the reconciler.
SELECT delivery_id, jid, day, cluster_id, master_uuid, work, payload::text AS payload, state, reason, publish_before, lease_count, changed_at
FROM delivery
WHERE state IN ('queued', 'leased', 'claimed', 'started')
  AND ((state IN ('queued', 'leased') AND publish_before <= $1)
       OR (work = 'run' AND state = 'leased' AND leased_until <= $1))
ORDER BY publish_before
LIMIT $2
