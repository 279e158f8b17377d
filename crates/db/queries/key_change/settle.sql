-- Changes that are over, as what is observed is what is desired; of a cluster ($1), or of one of its masters ($2). One that
-- its master did not answer for is over only after a while ($3), as it may still be made.
DELETE FROM key_change c
USING minion_key k
WHERE k.cluster_id = c.cluster_id AND k.minion_id = c.minion_id
  AND c.cluster_id = $1 AND ($2::uuid IS NULL OR c.master_uuid = $2)
  AND CASE k.desired
          WHEN 'absent' THEN
              c.done_at IS NOT NULL
              AND NOT EXISTS (SELECT FROM link l
                              WHERE l.cluster_id = c.cluster_id AND l.minion_id = c.minion_id AND l.master_uuid = c.master_uuid
                                AND l.key_at <= k.decided_at)
          WHEN 'accepted' THEN
              (c.done_at IS NOT NULL OR c.tried_at < $3)
              AND EXISTS (SELECT FROM link l
                          WHERE l.cluster_id = c.cluster_id AND l.minion_id = c.minion_id AND l.master_uuid = c.master_uuid
                            AND l.key_state = 'accepted' AND l.fingerprint = k.fingerprint)
          ELSE
              (c.done_at IS NOT NULL OR c.tried_at < $3)
              AND NOT EXISTS (SELECT FROM link l
                              WHERE l.cluster_id = c.cluster_id AND l.minion_id = c.minion_id AND l.master_uuid = c.master_uuid
                                AND l.key_state IN ('accepted', 'pending') AND l.fingerprint = k.fingerprint) END
