-- Only what nobody claimed or answered.
UPDATE delivery SET state = 'expired', reason = $3, changed_at = $2
WHERE delivery_id = $1 AND state IN ('queued', 'leased')
