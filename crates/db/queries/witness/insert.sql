-- This master saw these returns. Repeats change nothing.
INSERT INTO witness (day, cluster_id, jid, minion_id, master_uuid, body_hash, seen_at)
SELECT w.day, $1, w.jid, w.minion_id, $2, w.hash, $3
FROM unnest($4::date[], $5::text[], $6::text[], $7::bytea[]) AS w(day, jid, minion_id, hash)
ORDER BY w.day, w.jid, w.minion_id, w.hash
ON CONFLICT DO NOTHING
