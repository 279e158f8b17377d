SELECT cluster_id, jid, started_at, open, judged_at, findings::text AS findings
FROM readiness_check WHERE cluster_id = ANY($1::text[]) ORDER BY cluster_id
