-- What nobody carried out in time, and unclaimed runs of masters that are not there: for the reconciler.
SELECT delivery_id, jid, day, cluster_id, master_uuid, work, payload::text AS payload, state, reason, publish_before, lease_count, leased_epoch, changed_at
FROM delivery
WHERE state IN ('queued', 'leased')
  AND (publish_before <= $1 OR (work = 'run' AND master_uuid = ANY($2::uuid[])))
ORDER BY publish_before
LIMIT $3
