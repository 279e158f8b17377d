-- Certainly not carried out: as if it had never been given out, and its time is over. The reconciler plans it anew.
-- Also what had been given up as "may have been carried out": now it is known.
UPDATE delivery d SET state = 'queued', lease_count = 0, leased_until = NULL, publish_before = $1, reason = h.reason, changed_at = $1
FROM unnest($2::uuid[], $3::text[]) AS h(delivery_id, reason)
WHERE d.delivery_id = h.delivery_id
  AND (d.state IN ('queued', 'leased') OR (d.state = 'expired' AND d.work = 'publish'))
