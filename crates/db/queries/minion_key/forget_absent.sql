-- Deleted everywhere: what comes from now on is somebody new.
DELETE FROM minion_key k
WHERE k.cluster_id = $1 AND k.desired = 'absent'
  AND NOT EXISTS (SELECT FROM key_change c WHERE c.cluster_id = k.cluster_id AND c.minion_id = k.minion_id)
  AND NOT EXISTS (SELECT FROM link l
                  WHERE l.cluster_id = k.cluster_id AND l.minion_id = k.minion_id AND l.key_at <= k.decided_at)
