-- What is desired of these minions, given as (cluster, minion).
SELECT k.cluster_id, k.minion_id, k.desired, k.fingerprint, k.public_key, k.decided_at, k.decided_by, k.suspended_at, k.suspended_why
FROM unnest($1::text[], $2::text[]) AS w(cluster_id, minion_id)
JOIN minion_key k ON k.cluster_id = w.cluster_id AND k.minion_id = w.minion_id
