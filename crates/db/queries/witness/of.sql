-- Which masters saw the return of one minion, and what they saw: the return that counts, or another one. The master that
-- decided it is its first witness by ret alone; witness has those that came after it, and returns that came again.
WITH r AS (
    SELECT master_uuid, alter_time, body_hash, trimmed FROM ret
    WHERE day = $1 AND cluster_id = $2 AND jid = $3 AND minion_id = $4
), seen AS (
    SELECT master_uuid, alter_time AS seen_at, body_hash FROM r
    UNION ALL
    SELECT master_uuid, seen_at, body_hash FROM witness
    WHERE day = $1 AND cluster_id = $2 AND jid = $3 AND minion_id = $4
)
SELECT s.master_uuid, min(s.seen_at) AS seen_at, s.body_hash, s.body_hash = r.body_hash AS same,
       s.master_uuid = r.master_uuid AS decided, r.trimmed
FROM seen s CROSS JOIN r
GROUP BY s.master_uuid, s.body_hash, r.body_hash, r.master_uuid, r.trimmed
ORDER BY 2, 1, 3
