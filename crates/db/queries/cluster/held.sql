-- Present minions that each master of a hot-hot cluster holds: a minion is on several of them, each with its own evidence.
-- $2: masters that are present; $3: evidence before it is stale.
SELECT l.master_uuid, count(*) AS minions
FROM link l
JOIN cluster c USING (cluster_id)
JOIN known_minion m USING (cluster_id, minion_id)
WHERE l.cluster_id = ANY($1::text[]) AND c.kind = 'hot' AND l.master_uuid = ANY($2::uuid[])
  AND minion_presence(l.seen_at, l.silent_at, true, $3) = 'present'
GROUP BY 1
