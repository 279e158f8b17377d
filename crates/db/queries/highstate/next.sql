-- What is to be worked in next, with the values: all runs of the minions that wait longest, so that each state of theirs is
-- written once. $1 minions at most, $2 largest value, $3 how far is looked for more of theirs, $4 runs, $5 bytes of large values
WITH waiting AS (
    SELECT * FROM highstate_todo ORDER BY n LIMIT $3::bigint
), who AS (
    SELECT cluster_id, minion_id FROM waiting GROUP BY cluster_id, minion_id ORDER BY min(n) LIMIT $1::bigint
), theirs AS (
    SELECT t.* FROM who JOIN waiting t ON t.cluster_id = who.cluster_id AND t.minion_id = who.minion_id
    ORDER BY t.n LIMIT $4::bigint
), sized AS (
    SELECT t.n, t.day, t.cluster_id, t.jid, t.minion_id, r.fun, r.fun_args, COALESCE(r.json, b.json) AS body,
           COALESCE(sum(b.size) OVER (ORDER BY t.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM theirs t
    LEFT JOIN ret r ON r.day = t.day AND r.cluster_id = t.cluster_id AND r.jid = t.jid AND r.minion_id = t.minion_id AND NOT r.trimmed
    LEFT JOIN body b ON r.json IS NULL AND b.day = r.day AND b.hash = r.body_hash AND b.size <= $2::bigint
)
SELECT n, day, cluster_id, jid, minion_id, fun, fun_args::text AS fun_args, body
FROM sized WHERE before <= $5::bigint
ORDER BY n
