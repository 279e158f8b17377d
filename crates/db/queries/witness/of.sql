-- Which masters saw the return of one minion, and what they saw: the return that counts, or another one. The master that
-- decided it is in ret; here are those that came after it.
WITH decided AS (
    SELECT r.master_uuid, r.alter_time AS seen_at, r.body_hash, r.trimmed
    FROM ret r WHERE r.day = $1 AND r.cluster_id = $2 AND r.jid = $3 AND r.minion_id = $4
)
SELECT d.master_uuid, d.seen_at, d.body_hash, true AS same, true AS decided, d.trimmed FROM decided d
UNION ALL
SELECT w.master_uuid, w.seen_at, w.body_hash, w.body_hash = d.body_hash AS same, false AS decided, d.trimmed
FROM witness w JOIN decided d ON (w.master_uuid, w.body_hash) <> (d.master_uuid, d.body_hash)
WHERE w.day = $1 AND w.cluster_id = $2 AND w.jid = $3 AND w.minion_id = $4
ORDER BY seen_at, decided DESC, master_uuid, body_hash
