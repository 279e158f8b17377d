SELECT master_id, fingerprint, public_key, state, reason, cluster_id, kind, facts::text AS facts, created_at, changed_at, last_seen_at, bound
FROM master_key WHERE master_id = $1
ORDER BY created_at DESC, fingerprint
