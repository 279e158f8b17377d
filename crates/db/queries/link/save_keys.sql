-- All keys of one master, as it has them now. Unchanged rows are not written.
INSERT INTO link AS l (cluster_id, minion_id, master_uuid, key_state, fingerprint, public_key, key_at,
                       denied_fingerprint, denied_public_key, denied_at)
SELECT $1, k.minion_id, $2, k.key_state, k.fingerprint, k.public_key, $3::timestamptz,
       k.denied_fingerprint, k.denied_public_key, CASE WHEN k.denied_fingerprint IS NOT NULL THEN $3 END
FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
     AS k(minion_id, key_state, fingerprint, public_key, denied_fingerprint, denied_public_key)
ORDER BY k.minion_id
ON CONFLICT (cluster_id, minion_id, master_uuid) DO UPDATE SET
    key_at = CASE WHEN (l.key_state, l.fingerprint) IS DISTINCT FROM (EXCLUDED.key_state, EXCLUDED.fingerprint)
                  THEN EXCLUDED.key_at ELSE l.key_at END,
    denied_at = CASE WHEN l.denied_fingerprint IS DISTINCT FROM EXCLUDED.denied_fingerprint
                     THEN EXCLUDED.denied_at ELSE l.denied_at END,
    key_state = EXCLUDED.key_state, fingerprint = EXCLUDED.fingerprint, public_key = EXCLUDED.public_key,
    denied_fingerprint = EXCLUDED.denied_fingerprint, denied_public_key = EXCLUDED.denied_public_key
WHERE (l.key_state, l.fingerprint, l.public_key, l.denied_fingerprint, l.denied_public_key)
      IS DISTINCT FROM (EXCLUDED.key_state, EXCLUDED.fingerprint, EXCLUDED.public_key,
                        EXCLUDED.denied_fingerprint, EXCLUDED.denied_public_key)
