-- Key changes on their way, one delivery per master.
INSERT INTO delivery (delivery_id, cluster_id, master_uuid, work, payload, state, publish_before, created_at, changed_at)
SELECT d.delivery_id, m.cluster_id, m.master_uuid, 'keys', d.payload::json, 'queued', $2, $1, $1
FROM unnest($3::uuid[], $4::uuid[], $5::text[]) AS d(delivery_id, master_uuid, payload)
JOIN master m USING (master_uuid)
