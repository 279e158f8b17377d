-- "May have started" is committed before the plugin is told to go. The same claim again changes nothing.
UPDATE delivery
SET state = CASE WHEN state = 'leased' THEN 'claimed' ELSE state END,
    changed_at = CASE WHEN state = 'leased' THEN $4 ELSE changed_at END,
    claim_id = $3
WHERE delivery_id = $1 AND master_uuid = $2 AND work = 'run'
  AND ((state = 'leased' AND publish_before > $4) OR claim_id = $3)
RETURNING delivery_id, jid, day, cluster_id, master_uuid, work, payload::text AS payload, state, reason, publish_before, lease_count, changed_at
