-- Commands by their jids, newest first.
SELECT jid, day, cmd, fun, arg::text AS arg, tgt::text AS tgt, clusters, user_name, source, masters_to, created_at
FROM command
WHERE ($1::text IS NULL OR jid >= $1) AND ($2::text IS NULL OR jid <= $2)
ORDER BY jid DESC
LIMIT $3
