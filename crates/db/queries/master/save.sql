-- An accepted master. Its uuid stays when its key, cluster or facts change.
INSERT INTO master AS m (master_uuid, master_id, cluster_id, fingerprint, created_at, plugin_version, salt_version, host,
                         transport, salt_key_fingerprint, signing_key_fingerprint)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (master_id) DO UPDATE SET
    cluster_id = EXCLUDED.cluster_id, fingerprint = EXCLUDED.fingerprint, plugin_version = EXCLUDED.plugin_version,
    salt_version = EXCLUDED.salt_version, host = EXCLUDED.host, transport = EXCLUDED.transport,
    salt_key_fingerprint = EXCLUDED.salt_key_fingerprint, signing_key_fingerprint = EXCLUDED.signing_key_fingerprint,
    -- Another machine, or another cluster: what it told before says nothing.
    keys_at = CASE WHEN (m.cluster_id, m.fingerprint) = (EXCLUDED.cluster_id, EXCLUDED.fingerprint) THEN m.keys_at END
RETURNING master_uuid
