-- Only what nobody claimed or answered. What was given out may have been carried out all the same.
UPDATE delivery
SET state = CASE WHEN lease_count = 0 OR work = 'run' THEN 'handed_back' ELSE 'expired' END,
    reason = CASE WHEN reason = '' THEN $3 ELSE reason END, changed_at = $2
WHERE delivery_id = $1 AND state IN ('queued', 'leased')
RETURNING state, reason
