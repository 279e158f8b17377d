-- Work for one master, oldest first. Two servers that ask at once get different rows. A master that was rejected meanwhile
-- gets nothing, also on a call that is held. A publish is offered again only to the run of the plugin ($5) that was given
-- it before and does it once: another run cannot know whether it was published. A run is claimed before it starts.
WITH due AS (
    SELECT delivery_id FROM delivery
    WHERE master_uuid = $1 AND state IN ('queued', 'leased')
      AND (state = 'queued' OR (leased_until <= $2 AND (work <> 'publish' OR leased_epoch = $5))) AND publish_before > $2
      AND EXISTS (SELECT FROM master m JOIN master_key k ON k.master_id = m.master_id AND k.fingerprint = m.fingerprint
                  WHERE m.master_uuid = $1 AND k.state = 'accepted')
    ORDER BY created_at, delivery_id
    LIMIT $4
    FOR UPDATE OF delivery SKIP LOCKED
), leased AS (
    UPDATE delivery d SET state = 'leased', leased_until = $3, leased_epoch = $5, lease_count = d.lease_count + 1, changed_at = $2
    FROM due WHERE d.delivery_id = due.delivery_id
    RETURNING d.delivery_id, d.payload, d.publish_before, d.created_at
)
SELECT delivery_id, payload::text AS payload, publish_before FROM leased ORDER BY created_at, delivery_id
