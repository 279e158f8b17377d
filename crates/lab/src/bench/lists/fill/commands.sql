-- The commands of the history, with their counters, deliveries and saved things. After outcomes.sql and saved.sql.

CREATE UNLOGGED TABLE bench_count AS
SELECT jid, count(*) AS expected, count(*) FILTER (WHERE state = 'running') AS open, count(*) FILTER (WHERE state = 'succeeded') AS good,
       count(*) FILTER (WHERE state = 'failed') AS failed, max(changed_at) AS changed_at
FROM outcome GROUP BY jid;

INSERT INTO command (jid, day, cmd, fun, arg, tgt, clusters, user_name, user_uuid, source, origination, is_highstate, created_at, timeout_ms, state,
                     expected, open, returned_good, returned_failed, ended_at, masters_to, masters_done, job_uuid, job_name, tgt_uuid, tgt_name,
                     sched_uuid, sched_name)
SELECT j.jid, j.day, CASE WHEN j.fun = 'manage.status' THEN 'runner' ELSE 'local' END, j.fun, CASE WHEN j.fun = 'cmd.run' THEN '{"arg": ["uptime -p"], "kwarg": {}}'::json ELSE '{"arg": [], "kwarg": {}}' END,
       json_build_object(j.cluster_id, json_build_object('tgt', j.prefix || '*', 'tgt_type', 'glob')), ARRAY[j.cluster_id],
       'person-' || j.owner, bench_uuid('account' || j.owner), CASE WHEN j.k % 11 = 0 THEN 'salt' ELSE 'raas' END,
       CASE WHEN j.k % 5 = 0 THEN 'Scheduled' ELSE 'Ad-Hoc' END, j.is_highstate, j.at, 30000,
       CASE WHEN c.open > 0 THEN 'retrieved' WHEN c.good + c.failed < c.expected THEN 'completed_missing_returns'
            WHEN c.failed > 0 THEN 'completed_failures' ELSE 'completed_all_successful' END,
       c.expected, c.open, c.good, c.failed, CASE WHEN c.open = 0 THEN c.changed_at END,
       ARRAY[j.cluster_id || '-1', j.cluster_id || '-2'], ARRAY[j.cluster_id || '-1', j.cluster_id || '-2'],
       CASE WHEN j.k % 3 = 0 THEN bench_uuid('job' || j.k % 1000) END, CASE WHEN j.k % 3 = 0 THEN 'job-' || j.k % 1000 END,
       CASE WHEN j.k % 3 = 0 THEN bench_uuid('group' || j.k % 200) END, CASE WHEN j.k % 3 = 0 THEN 'group-' || j.k % 200 END,
       CASE WHEN j.k % 5 = 0 THEN bench_uuid('schedule' || j.k % 500) END, CASE WHEN j.k % 5 = 0 THEN 'schedule-' || j.k % 500 END
FROM bench_job j JOIN bench_count c USING (jid) ORDER BY j.jid;

INSERT INTO delivery (delivery_id, jid, day, cluster_id, master_uuid, work, payload, state, publish_before, lease_count, salt_jid, created_at,
                      changed_at)
SELECT bench_uuid('delivery' || j.jid || m.master_id), j.jid, j.day, j.cluster_id, m.master_uuid, 'publish',
       json_build_object('publish', json_build_object('delivery_id', bench_uuid('delivery' || j.jid || m.master_id), 'jid', j.jid, 'fun', j.fun,
           'arg', '[]'::json, 'tgt', j.prefix || '*', 'tgt_type', 'glob', 'user', 'person-' || j.owner, 'timeout_ms', 30000, 'publish_before_ms', 30000)),
       'published', j.at + interval '30 s', 1, j.jid, j.at, j.at + interval '1 s'
FROM bench_job j JOIN master m USING (cluster_id)
WHERE (m.master_id LIKE '%-1' OR j.minions > 100)
  -- As the server keeps them: else it would forget them beside what is measured.
  AND j.at > current_setting('bench.now')::timestamptz - interval '7 days';

INSERT INTO witness (day, cluster_id, jid, minion_id, master_uuid, body_hash, seen_at)
SELECT o.day, o.cluster_id, o.jid, o.minion_id, m.master_uuid, sha256('x'), o.changed_at
FROM outcome o JOIN master m ON m.cluster_id = o.cluster_id AND m.master_uuid <> o.master_uuid
WHERE o.cluster_id LIKE '%db' AND o.state = 'succeeded' AND right(o.jid, 1) = '3';

INSERT INTO schedule_run (sched_uuid, planned_at, sched_name, state, reason, fired_at, jid, cmd, fun, arg, tgt, job_name, tgt_name)
SELECT c.sched_uuid, c.created_at - right(c.jid, 6)::integer * interval '1 us', c.sched_name, CASE WHEN right(c.jid, 2) = '35' THEN 'skipped' ELSE 'fired' END, '',
       c.created_at, c.jid, c.cmd, c.fun, c.arg, c.tgt, c.job_name, c.tgt_name
FROM command c WHERE c.sched_uuid IS NOT NULL
ON CONFLICT DO NOTHING;

-- A master that is gone decided the returns of one minion once.
INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at)
SELECT bench_uuid('eu-web-0'), 'eu-web-0', 'eu-web', '', current_setting('bench.now')::timestamptz;
UPDATE ret SET master_uuid = bench_uuid('eu-web-0') WHERE minion_id = 'web00043.eu-web.example.com';
DROP TABLE bench_count, bench_value, bench_job;
