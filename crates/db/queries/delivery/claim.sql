-- "May have started" is committed before the plugin is told to go. The same claim again changes nothing.
WITH before AS (
    SELECT delivery_id, state FROM delivery WHERE delivery_id = $1 FOR NO KEY UPDATE
)
UPDATE delivery d
SET state = CASE WHEN d.state = 'leased' THEN 'claimed' ELSE d.state END,
    changed_at = CASE WHEN d.state = 'leased' THEN $4 ELSE changed_at END,
    claim_id = $3
FROM before
WHERE d.delivery_id = before.delivery_id AND master_uuid = $2 AND work = 'run'
  AND ((d.state = 'leased' AND publish_before > $4) OR claim_id = $3)
RETURNING before.state = 'leased' AS first
