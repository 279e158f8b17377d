-- Only what nobody claimed or answered. What was given out may have been carried out all the same; a run may not: it is claimed first.
UPDATE delivery
SET state = CASE WHEN lease_count = 0 OR work = 'run' THEN 'handed_back' ELSE 'expired' END,
    reason = CASE WHEN reason <> '' THEN reason WHEN lease_count = 0 OR work = 'run' THEN $3 ELSE $4 END, changed_at = $2
WHERE delivery_id = ANY($1::uuid[]) AND state IN ('queued', 'leased')
RETURNING delivery_id, jid, day, cluster_id, master_uuid, work, payload::text AS payload, state, reason, publish_before, lease_count, leased_epoch, changed_at
