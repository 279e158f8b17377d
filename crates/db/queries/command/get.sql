-- One command, as its methods need it.
SELECT jid, day, cmd, fun, arg::text AS arg, tgt::text AS tgt, clusters, user_name, source, state, masters_to
FROM command WHERE jid = $1
