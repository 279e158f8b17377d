-- Where what is desired and what is observed may differ, on masters of one cluster ($1) that are present ($2) and have told
-- their keys. What is to be done about each is raas_cluster::keys::next.
SELECT k.minion_id, m.master_uuid, k.desired, k.fingerprint AS desired_fingerprint, k.public_key, k.decided_at,
       l.key_state, l.fingerprint, l.key_at, c.tried_at, COALESCE(c.tries, 0) AS tries,
       c.minion_id IS NOT NULL AND c.done_at IS NULL AS unanswered
FROM minion_key k
JOIN master m ON m.cluster_id = k.cluster_id AND m.master_uuid = ANY($2::uuid[]) AND m.keys_at IS NOT NULL
LEFT JOIN link l ON l.cluster_id = k.cluster_id AND l.minion_id = k.minion_id AND l.master_uuid = m.master_uuid
LEFT JOIN key_change c ON c.cluster_id = k.cluster_id AND c.minion_id = k.minion_id AND c.master_uuid = m.master_uuid
WHERE k.cluster_id = $1 AND k.suspended_at IS NULL
  AND CASE k.desired
          WHEN 'accepted' THEN (l.key_state, l.fingerprint) IS DISTINCT FROM ('accepted', k.fingerprint)
          WHEN 'rejected' THEN l.key_state IN ('accepted', 'pending') AND l.fingerprint = k.fingerprint
          ELSE l.key_at <= k.decided_at OR c.done_at IS NULL AND c.minion_id IS NOT NULL END
ORDER BY c.tried_at NULLS FIRST, k.minion_id, m.master_uuid
LIMIT $3
