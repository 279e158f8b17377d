-- Which masters saw the return of one minion, and what they saw: the return that counts, or another one.
SELECT w.master_uuid, w.seen_at, w.body_hash, w.body_hash = r.body_hash AS same, w.master_uuid = r.master_uuid AS decided,
       r.trimmed
FROM witness w
JOIN ret r ON r.day = w.day AND r.cluster_id = w.cluster_id AND r.jid = w.jid AND r.minion_id = w.minion_id
WHERE w.day = $1 AND w.cluster_id = $2 AND w.jid = $3 AND w.minion_id = $4
ORDER BY w.seen_at, w.master_uuid, w.body_hash
