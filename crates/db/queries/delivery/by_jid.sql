-- Deliveries of commands, oldest first.
SELECT delivery_id, jid, day, cluster_id, master_uuid, work, payload::text AS payload, state, reason, publish_before, lease_count, leased_epoch, changed_at
FROM delivery WHERE jid = ANY($1::text[])
ORDER BY created_at, delivery_id
