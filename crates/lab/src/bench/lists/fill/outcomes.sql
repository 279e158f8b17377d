-- An outcome for each minion of each job: of 50 one failed, of 60 one never answered. The newest 200 jobs still run.
INSERT INTO outcome (day, cluster_id, jid, minion_id, state, reason, master_uuid, retcode, witnesses, created_at, changed_at, deadline)
SELECT j.day, j.cluster_id, j.jid, j.prefix || lpad(((j.first + n) % per.minions)::text, 5, '0') || '.' || j.cluster_id || '.example.com', s.state,
       CASE s.state WHEN 'succeeded' THEN 'returned' WHEN 'failed' THEN 'returned with errors' WHEN 'running' THEN 'published'
                    ELSE 'its master asked twice, and it did not answer' END,
       m.master_uuid, CASE s.state WHEN 'succeeded' THEN 0 WHEN 'failed' THEN 1 END, CASE WHEN s.state IN ('succeeded', 'failed') THEN 1 ELSE 0 END,
       j.at, j.at + interval '1 s' + n % 997 * interval '1 ms',
       CASE WHEN s.state = 'running' THEN current_setting('bench.now')::timestamptz + interval '1 day' END
FROM (SELECT *, row_number() OVER (ORDER BY jid DESC) <= 200 AND minions < 1000 AS runs FROM bench_job ORDER BY day, cluster_id, jid) AS j
CROSS JOIN (SELECT current_setting('bench.minions')::integer / 4 AS minions) AS per
CROSS JOIN LATERAL generate_series(0, j.minions - 1) AS n
CROSS JOIN LATERAL (SELECT CASE WHEN j.runs AND n % 2 = 0 THEN 'running' WHEN (j.k * 31 + n) % 50 = 0 THEN 'failed'
                                WHEN (j.k * 17 + n) % 60 = 0 THEN 'no_answer' ELSE 'succeeded' END AS state) AS s
JOIN (SELECT cluster_id, master_uuid, right(master_id, 1)::integer AS number FROM master) AS m
    ON m.cluster_id = j.cluster_id AND m.number = 1 + n % 2;
