-- What a master ($2) says of the changes of its last delivery: made ($5 null), or why not.
UPDATE key_change c
SET done_at = CASE WHEN a.error IS NULL THEN $1::timestamptz END, error = a.error
FROM unnest($3::uuid[], $4::text[], $5::text[]) AS a(delivery_id, minion_id, error)
WHERE c.master_uuid = $2 AND c.delivery_id = a.delivery_id AND c.minion_id = a.minion_id
