-- The keys of minions as one master told them.
SELECT minion_id, key_state, COALESCE(fingerprint, '') AS fingerprint, COALESCE(public_key, '') AS public_key,
       denied_fingerprint, denied_public_key
FROM link WHERE cluster_id = $1 AND master_uuid = $2 AND key_state IS NOT NULL
ORDER BY minion_id
