-- Nobody decided about them and they stopped calling. A key that once was accepted stays.
DELETE FROM master_key k
WHERE k.last_seen_at < $1 AND (k.state = 'pending' OR (k.state = 'rejected' AND k.reason LIKE 'refused: %'))
  AND NOT EXISTS (SELECT FROM master m WHERE m.master_id = k.master_id AND m.fingerprint = k.fingerprint)
