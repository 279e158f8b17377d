SELECT master_uuid, started_at, ended_at, count, why, cause FROM gap
WHERE reported_at >= $1
ORDER BY started_at DESC
LIMIT 1000
