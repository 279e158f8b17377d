-- Present minions that each master of a hot-hot cluster holds: a minion is on several of them, each with its own evidence.
-- $2: masters that are present; $3: evidence before it is stale. The rule of minion_presence, of masters that are there.
SELECT ma.master_uuid, h.minions
FROM master ma
JOIN cluster c USING (cluster_id)
-- Master by master: so nothing is grouped.
CROSS JOIN LATERAL (
    SELECT count(*) AS minions
    FROM link l
    WHERE l.master_uuid = ma.master_uuid AND l.seen_at >= $3 AND (l.silent_at IS NULL OR l.silent_at <= l.seen_at)
      -- Whom a master accepted is known; of few others it must be looked up.
      AND (l.key_state = 'accepted'
           OR (SELECT m.known FROM minion m WHERE m.cluster_id = l.cluster_id AND m.minion_id = l.minion_id))
) AS h
WHERE ma.cluster_id = ANY($1::text[]) AND c.kind = 'hot' AND ma.master_uuid = ANY($2::uuid[]) AND h.minions > 0
