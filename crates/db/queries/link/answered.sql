-- A master answered its key changes or pings.
UPDATE delivery d SET state = 'done', reason = a.reason, changed_at = $1
FROM unnest($4::uuid[], $5::text[]) AS a(delivery_id, reason)
WHERE d.delivery_id = a.delivery_id AND d.master_uuid = $2 AND d.work = $3 AND d.state <> 'done'
