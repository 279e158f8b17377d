-- Present minions that each master of a hot-hot cluster holds: a minion is on several of them, each with its own evidence.
-- $2: masters that are present; $3: evidence before it is stale. The rule of minion_presence, of masters that are there.
SELECT l.master_uuid, count(*) AS minions
FROM link l
WHERE l.master_uuid = ANY(ARRAY(SELECT m.master_uuid FROM master m JOIN cluster c USING (cluster_id)
                                WHERE m.cluster_id = ANY($1::text[]) AND c.kind = 'hot' AND m.master_uuid = ANY($2::uuid[])))
  AND l.seen_at >= $3 AND (l.silent_at > l.seen_at) IS NOT TRUE
  -- Whom a master accepted is known; of few others it must be looked up.
  AND (l.key_state = 'accepted'
       OR (SELECT m.known FROM minion m WHERE m.cluster_id = l.cluster_id AND m.minion_id = l.minion_id))
GROUP BY l.master_uuid
