-- What is to be worked in next, with the values. $1 at most, $2 largest value
SELECT t.n, t.day, t.cluster_id, t.jid, t.minion_id, r.fun, r.fun_args::text AS fun_args, COALESCE(r.json, b.json) AS body
FROM (SELECT * FROM highstate_todo ORDER BY n LIMIT $1::bigint) t
LEFT JOIN ret r ON r.day = t.day AND r.cluster_id = t.cluster_id AND r.jid = t.jid AND r.minion_id = t.minion_id AND NOT r.trimmed
LEFT JOIN body b ON r.json IS NULL AND b.day = r.day AND b.hash = r.body_hash AND b.size <= $2::bigint
ORDER BY t.n
