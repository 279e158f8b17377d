-- Whoever changes the outcomes of a command holds its row: counters and outcomes cannot drift apart.
-- In the order of the jids, so that two batches never wait for each other in a circle.
SELECT jid, day, cmd, source, clusters, timeout_ms, fun, arg::text AS arg, tgt::text AS tgt, expected, ended_at IS NOT NULL AS ended,
       CASE WHEN control = 'stop' THEN control_by END AS stopped_by
FROM command
WHERE jid = ANY($1::text[])
ORDER BY jid
FOR NO KEY UPDATE
