-- People and what they save, the audit, metrics, dead letters. Settings: bench.now.

INSERT INTO account (account_uuid, username, created_at, last_login_at)
SELECT bench_uuid('account' || n), 'person-' || n, t.now - interval '90 days', t.now - n * interval '1 minute'
FROM generate_series(0, 999) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;
INSERT INTO role (role_uuid, name, perms) SELECT bench_uuid('role' || n), 'role-' || n, '{cmd-read,minion-read}' FROM generate_series(0, 49) AS n;
INSERT INTO account_role (account_uuid, role_uuid)
SELECT bench_uuid('account' || n), bench_uuid('role' || n % 50) FROM generate_series(0, 999) AS n;
INSERT INTO account_group (group_uuid, name) SELECT bench_uuid('team' || n), 'team-' || n FROM generate_series(0, 99) AS n;
INSERT INTO group_role (group_uuid, role_uuid) SELECT bench_uuid('team' || n), bench_uuid('role' || n % 50) FROM generate_series(0, 99) AS n;
INSERT INTO group_member (group_uuid, account_uuid)
SELECT bench_uuid('team' || n % 100), bench_uuid('account' || n) FROM generate_series(0, 999) AS n;
INSERT INTO session (session_uuid, account_uuid, created_at, expires_at, last_seen_at, address)
SELECT bench_uuid('session' || n), bench_uuid('account' || n % 1000), t.now, t.now + interval '10 hours', t.now, '10.0.0.' || n % 250
FROM generate_series(1, 2000) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;
INSERT INTO api_token (token_uuid, account_uuid, name, hash, created_at, expires_at)
SELECT bench_uuid('token' || n), bench_uuid('account' || n % 1000), 'token-' || n, sha256(n::text::bytea), t.now, t.now + interval '90 days'
FROM generate_series(1, 1000) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;

INSERT INTO target_group (tgt_uuid, name, description, tgt, owner_uuid, created_at, changed_at)
SELECT bench_uuid('group' || n), 'group-' || n, 'for ' || n,
       CASE n % 4 WHEN 0 THEN json_build_object('*', json_build_object('tgt', 'G@role:tier-' || n % 50, 'tgt_type', 'compound'))
                  WHEN 1 THEN json_build_object('eu-web', json_build_object('tgt', 'web' || lpad((n % 100)::text, 3, '0') || '*', 'tgt_type', 'glob'))
                  WHEN 2 THEN json_build_object('us-db', json_build_object('tgt', 'G@os:Debian and db000*', 'tgt_type', 'compound'))
                  ELSE json_build_object('*', json_build_object('tgt', '*0' || n % 10 || '.*', 'tgt_type', 'glob')) END,
       bench_uuid('account' || n % 1000), t.now, t.now
FROM generate_series(0, 199) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;
INSERT INTO job (job_uuid, name, description, cmd, fun, arg, tgt_uuid, owner_uuid, created_at, changed_at)
SELECT bench_uuid('job' || n), 'job-' || n, 'job number ' || n, 'local', (ARRAY['test.ping', 'cmd.run', 'state.apply'])[1 + n % 3],
       '{"arg": [], "kwarg": {}}', CASE WHEN n % 10 > 0 THEN bench_uuid('group' || n % 200) END, bench_uuid('account' || n), t.now, t.now
FROM generate_series(0, 999) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;
-- Their next time is tomorrow: nothing is to be started meanwhile.
INSERT INTO schedule (sched_uuid, name, schedule, enabled, job_uuid, owner_uuid, created_at, changed_at, next_at, last_at)
SELECT bench_uuid('schedule' || n), 'schedule-' || n, CASE WHEN n % 2 = 0 THEN '{"days": 1}'::json ELSE '{"cron": "0 3 * * *"}' END, n % 10 > 0,
       bench_uuid('job' || n * 2), bench_uuid('account' || n), t.now, t.now, CASE WHEN n % 10 > 0 THEN t.now + interval '1 day' END, t.now
FROM generate_series(0, 499) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;
INSERT INTO saved_access (resource_uuid, role_uuid, rights)
SELECT bench_uuid(kind || n), bench_uuid('role' || n % 50), '{read,discover}'
FROM (VALUES ('group', 199), ('job', 999), ('schedule', 499)) AS k(kind, most) CROSS JOIN LATERAL generate_series(0, k.most) AS n;

INSERT INTO audit (day, start_time, end_time, event_type, event_name, username, account_uuid, address, failed, event_data, number, hash)
SELECT (at AT TIME ZONE 'UTC')::date, at, at + n % 200 * interval '1 ms', (ARRAY['rpc', 'rpc', 'auth', 'system', 'task'])[1 + n % 5],
       (ARRAY['cmd.route_cmd', 'job.save_job', 'login', 'retention', 'schedule'])[1 + n % 5], 'person-' || n % 1000,
       bench_uuid('account' || n % 1000), '10.0.0.' || n % 250, n % 30 = 0, '{"kwarg": {"fun": "test.ping"}}', n, sha256(n::text::bytea)
FROM generate_series(1, 500000) AS n
CROSS JOIN LATERAL (SELECT current_setting('bench.now')::timestamptz - interval '1 hour' - (500000 - n) * interval '5 s' AS at) AS a;
UPDATE audit_head SET number = 500000, hash = sha256('500000');

INSERT INTO metric_sample (at, metric, source, value)
SELECT t.now - n * interval '1 minute', m, 'server-' || s, n % 100
FROM unnest(ARRAY['cpu_utilization', 'memory_utilization', 'celery_queue_length', 'minions_present']) AS m CROSS JOIN generate_series(1, 3) AS s
CROSS JOIN generate_series(0, 1439) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;

INSERT INTO dead_letter (master_uuid, epoch, n, kind, reason, record, at)
SELECT bench_uuid((ARRAY['eu-web', 'us-web', 'eu-db', 'us-db'])[1 + n % 4] || '-1'), bench_uuid('epoch'), n, 'return', 'no jid',
       '\x28b52ffd20021100007b7d'::bytea, t.now FROM generate_series(1, 5000) AS n
CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;
INSERT INTO account_value (account_uuid, key, value)
SELECT a.account_uuid, 'key-' || n, '{"a": 1}' FROM account a CROSS JOIN generate_series(1, 500) AS n WHERE a.username = 'root';
