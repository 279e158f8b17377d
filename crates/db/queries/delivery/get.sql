-- Deliveries by id.
SELECT delivery_id, jid, day, cluster_id, master_uuid, work, payload::text AS payload, state, reason, publish_before, lease_count, leased_epoch, changed_at
FROM delivery WHERE delivery_id = ANY($1::uuid[])
ORDER BY delivery_id
