-- Checks whose command ended, or is forgotten: they can be judged. Held until the transaction ends.
SELECT r.cluster_id, r.jid, r.started_at, k.kind,
       (SELECT count(*) FROM master m JOIN master_key mk ON mk.master_id = m.master_id AND mk.fingerprint = m.fingerprint
        WHERE m.cluster_id = r.cluster_id AND mk.state = 'accepted') AS masters
FROM readiness_check r
JOIN cluster k USING (cluster_id)
LEFT JOIN command c ON c.jid = r.jid
WHERE r.open AND (c.jid IS NULL OR c.ended_at IS NOT NULL)
ORDER BY r.cluster_id
LIMIT $1
FOR NO KEY UPDATE OF r SKIP LOCKED
