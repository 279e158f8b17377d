-- An operator decided. Whatever was suspended goes on.
INSERT INTO minion_key AS k (cluster_id, minion_id, desired, fingerprint, public_key, decided_at, decided_by)
SELECT d.cluster_id, d.minion_id, d.desired, d.fingerprint, d.public_key, $1, $2
FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS d(cluster_id, minion_id, desired, fingerprint, public_key)
ORDER BY d.cluster_id, d.minion_id
ON CONFLICT (cluster_id, minion_id) DO UPDATE SET
    desired = EXCLUDED.desired, fingerprint = EXCLUDED.fingerprint, public_key = EXCLUDED.public_key,
    decided_at = EXCLUDED.decided_at, decided_by = EXCLUDED.decided_by, suspended_at = NULL, suspended_why = NULL
