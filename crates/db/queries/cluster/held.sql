-- Present minions that each master of a hot-hot cluster holds: a minion is on several of them, each with its own evidence.
-- $2: masters that are present; $3: evidence before it is stale.
SELECT l.master_uuid, count(*) AS minions
FROM link l
JOIN cluster c USING (cluster_id)
WHERE l.cluster_id = ANY($1::text[]) AND c.kind = 'hot' AND l.master_uuid = ANY($2::uuid[])
  AND minion_presence(l.seen_at, l.silent_at, true, $3) = 'present'
  -- Whom a master accepted is known; of few others it must be looked up.
  AND (l.key_state = 'accepted'
       OR (SELECT m.known FROM minion m WHERE m.cluster_id = l.cluster_id AND m.minion_id = l.minion_id))
GROUP BY 1
