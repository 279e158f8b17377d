-- All keys of one master, as it has them now. Unchanged rows are not written; counts the minions of which something was.
WITH k AS (
    SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
        AS k(minion_id, key_state, fingerprint, public_key, denied_fingerprint, denied_public_key)
), linked AS (
    INSERT INTO link AS l (cluster_id, minion_id, master_uuid, key_state, fingerprint, key_at, denied_fingerprint, denied_at)
    SELECT $1, k.minion_id, $2, k.key_state, k.fingerprint, $3::timestamptz,
           k.denied_fingerprint, CASE WHEN k.denied_fingerprint IS NOT NULL THEN $3 END
    FROM k
    ORDER BY k.minion_id
    ON CONFLICT (cluster_id, minion_id, master_uuid) DO UPDATE SET
        key_at = CASE WHEN (l.key_state, l.fingerprint) IS DISTINCT FROM (EXCLUDED.key_state, EXCLUDED.fingerprint)
                      THEN EXCLUDED.key_at ELSE l.key_at END,
        denied_at = CASE WHEN l.denied_fingerprint IS DISTINCT FROM EXCLUDED.denied_fingerprint
                         THEN EXCLUDED.denied_at ELSE l.denied_at END,
        key_state = EXCLUDED.key_state, fingerprint = EXCLUDED.fingerprint, denied_fingerprint = EXCLUDED.denied_fingerprint
    WHERE (l.key_state, l.fingerprint, l.denied_fingerprint)
          IS DISTINCT FROM (EXCLUDED.key_state, EXCLUDED.fingerprint, EXCLUDED.denied_fingerprint)
    RETURNING l.minion_id
), texts AS (
    INSERT INTO link_key AS t (cluster_id, minion_id, master_uuid, public_key, denied_public_key)
    SELECT $1, k.minion_id, $2, k.public_key, k.denied_public_key
    FROM k
    ORDER BY k.minion_id
    ON CONFLICT (cluster_id, minion_id, master_uuid) DO UPDATE SET
        public_key = EXCLUDED.public_key, denied_public_key = EXCLUDED.denied_public_key
    WHERE (t.public_key, t.denied_public_key) IS DISTINCT FROM (EXCLUDED.public_key, EXCLUDED.denied_public_key)
    RETURNING t.minion_id
)
SELECT count(*) AS written FROM (SELECT minion_id FROM linked UNION SELECT minion_id FROM texts) AS either
