-- What minions said; who said nothing keeps what it said before. Minions that are gone go.
WITH gone AS (
    DELETE FROM readiness WHERE cluster_id = $1 AND minion_id <> ALL ($3::text[])
)
INSERT INTO readiness AS r (cluster_id, minion_id, asked_at, settings, said_at, problem)
SELECT $1, s.minion_id, $2::timestamptz, s.settings::json, CASE WHEN s.settings IS NOT NULL THEN $2 END, s.problem
FROM unnest($3::text[], $4::text[], $5::text[]) AS s(minion_id, settings, problem)
ORDER BY s.minion_id
ON CONFLICT (cluster_id, minion_id) DO UPDATE SET
    asked_at = EXCLUDED.asked_at, settings = COALESCE(EXCLUDED.settings, r.settings),
    said_at = COALESCE(EXCLUDED.said_at, r.said_at), problem = EXCLUDED.problem
