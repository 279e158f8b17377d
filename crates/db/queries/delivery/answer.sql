-- What became of deliveries, as their master reports it.
UPDATE delivery d SET state = a.state, reason = a.reason, salt_jid = COALESCE(a.salt_jid, d.salt_jid), changed_at = $1
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS a(delivery_id, state, reason, salt_jid)
WHERE d.delivery_id = a.delivery_id
