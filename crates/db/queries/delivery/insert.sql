INSERT INTO delivery (delivery_id, jid, day, cluster_id, master_uuid, work, payload, state, publish_before, created_at, changed_at)
SELECT d.delivery_id, d.jid, d.day, d.cluster_id, d.master_uuid, d.work, d.payload::json, 'queued', d.publish_before, $1, $1
FROM unnest($2::uuid[], $3::text[], $4::date[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::timestamptz[])
     AS d(delivery_id, jid, day, cluster_id, master_uuid, work, payload, publish_before)
