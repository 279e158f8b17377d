-- Totals of minions.
INSERT INTO highstate_total (cluster_id, minion_id, test, saltenv, jid, returned_at, states, failed, changed, duration)
SELECT cluster_id, minion_id, test, saltenv, jid, max(returned_at), count(*), count(*) FILTER (WHERE NOT result),
       count(*) FILTER (WHERE num_changes > 0), sum(duration)
FROM highstate_row WHERE cluster_id = $1 AND minion_id = ANY($2::text[])
GROUP BY cluster_id, minion_id, test, saltenv, jid
