-- What an enrolment, a pre-seeded key or an operator made of a key.
INSERT INTO master_key AS k (master_id, fingerprint, public_key, state, reason, cluster_id, kind, facts, created_at, changed_at, last_seen_at, bound)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json, $9, $9, $9, $10)
ON CONFLICT (master_id, fingerprint) DO UPDATE SET
    state = EXCLUDED.state, reason = EXCLUDED.reason, cluster_id = EXCLUDED.cluster_id, kind = EXCLUDED.kind,
    facts = EXCLUDED.facts, last_seen_at = EXCLUDED.last_seen_at, bound = EXCLUDED.bound,
    changed_at = CASE WHEN k.state = EXCLUDED.state AND k.reason = EXCLUDED.reason THEN k.changed_at ELSE EXCLUDED.changed_at END
