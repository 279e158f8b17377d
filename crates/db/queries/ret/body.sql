-- The value that one minion returned.
SELECT COALESCE(r.json, b.json) AS body
FROM ret r LEFT JOIN body b ON r.json IS NULL AND b.day = r.day AND b.hash = r.body_hash
WHERE r.day = $1 AND r.cluster_id = $2 AND r.jid = $3 AND r.minion_id = $4
