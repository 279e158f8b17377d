-- One command, as its methods need it.
SELECT jid, day, cmd, fun, arg::text AS arg, tgt::text AS tgt, clusters, user_name, source, masters_to, created_at
FROM command WHERE jid = $1
