-- What came of asking: the outcome of each minion, and what it returned. A few settings are small; whatever a minion makes
-- larger (64 KiB of JSON) is not read.
SELECT o.minion_id, o.state, o.reason, COALESCE(r.json, b.json) AS body
FROM command c
JOIN outcome o ON o.day = c.day AND o.cluster_id = $2 AND o.jid = c.jid
LEFT JOIN ret r ON r.day = o.day AND r.cluster_id = o.cluster_id AND r.jid = o.jid AND r.minion_id = o.minion_id
LEFT JOIN body b ON r.json IS NULL AND b.day = r.day AND b.hash = r.body_hash AND b.size <= 65536
WHERE c.jid = $1
ORDER BY o.minion_id
