SELECT minion_id, asked_at, settings::text AS settings, said_at, problem
FROM readiness WHERE cluster_id = $1 ORDER BY minion_id COLLATE "C"
