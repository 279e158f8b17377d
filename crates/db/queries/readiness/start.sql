-- A check begins; what the last one found stays until this one is judged.
INSERT INTO readiness_check AS c (cluster_id, jid, started_at, open) VALUES ($1, $2, $3, true)
ON CONFLICT (cluster_id) DO UPDATE SET jid = EXCLUDED.jid, started_at = EXCLUDED.started_at, open = true
