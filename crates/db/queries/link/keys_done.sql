-- A master answered its key changes.
UPDATE delivery d SET state = 'done', reason = a.reason, changed_at = $1
FROM unnest($3::uuid[], $4::text[]) AS a(delivery_id, reason)
WHERE d.delivery_id = a.delivery_id AND d.master_uuid = $2 AND d.work = 'keys'
RETURNING d.delivery_id
