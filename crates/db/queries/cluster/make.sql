-- The rule about kinds was checked before, under the enrolment lock.
INSERT INTO cluster AS c (cluster_id, kind, created_at) VALUES ($1, $2, $3)
ON CONFLICT (cluster_id) DO UPDATE SET kind = EXCLUDED.kind WHERE c.kind <> EXCLUDED.kind
