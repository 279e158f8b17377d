-- A return for each outcome that has one; small values in their own row, those of state.apply in `body`.
INSERT INTO ret (day, cluster_id, jid, minion_id, master_uuid, fun, fun_args, success, retcode, stamp, alter_time, body_hash, source, json)
SELECT j.day, j.cluster_id, j.jid, j.prefix || lpad(((j.first + n) % per.minions)::text, 5, '0') || '.' || j.cluster_id || '.example.com',
       m.master_uuid, j.fun, CASE WHEN j.fun = 'cmd.run' THEN '["uptime -p"]'::json ELSE '[]' END, s.good, CASE WHEN s.good THEN 0 ELSE 1 END,
       j.at + interval '1 s' + n % 997 * interval '1 ms', j.at + interval '1 s' + n % 997 * interval '1 ms', v.hash, 'bus',
       CASE WHEN v.small THEN v.json END
FROM (SELECT *, row_number() OVER (ORDER BY jid DESC) <= 200 AND minions < 1000 AS runs FROM bench_job ORDER BY day, cluster_id, jid) AS j
CROSS JOIN (SELECT current_setting('bench.minions')::integer / 4 AS minions) AS per
CROSS JOIN LATERAL generate_series(0, j.minions - 1) AS n
CROSS JOIN LATERAL (SELECT (j.k * 31 + n) % 50 <> 0 AS good) AS s
JOIN (SELECT cluster_id, master_uuid, right(master_id, 1)::integer AS number FROM master) AS m
    ON m.cluster_id = j.cluster_id AND m.number = 1 + n % 2
-- 80 of 100 small ones are "true".
JOIN (SELECT fun, n AS place, hash, CASE WHEN n >= 20 AND fun <> 'state.apply' THEN '\x28b52ffd200421000074727565'::bytea ELSE json END AS json, fun <> 'state.apply' AS small
      FROM bench_value CROSS JOIN (SELECT DISTINCT fun FROM bench_job) AS f) AS v
    ON v.fun = j.fun AND v.place = CASE WHEN j.fun = 'state.apply' THEN (j.k + n) % 10 * 10 ELSE (j.k + n) % 100 END
WHERE NOT (j.runs AND n % 2 = 0) AND NOT (s.good AND (j.k * 17 + n) % 60 = 0);
