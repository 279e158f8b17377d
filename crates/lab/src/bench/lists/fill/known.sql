-- Values that mean something in the filled database, by the names that cases.yaml uses.
SELECT json_object_agg(name, value)::text AS known FROM (
    SELECT 'big_jid' AS name, to_json(jid) AS value FROM (SELECT jid FROM command ORDER BY expected DESC, jid DESC LIMIT 1) AS c
    UNION ALL SELECT 'cluster_of_big', to_json(cluster_id) FROM (SELECT clusters[1] AS cluster_id FROM command ORDER BY expected DESC, jid DESC LIMIT 1) AS c
    UNION ALL SELECT 'minion_of_big', to_json(minion_id)
    FROM (SELECT m.minion_id FROM minion m
          WHERE m.cluster_id = (SELECT clusters[1] FROM command ORDER BY expected DESC, jid DESC LIMIT 1) ORDER BY m.minion_id OFFSET 42 LIMIT 1) AS m
    UNION ALL SELECT 'small_jid', to_json(jid) FROM (SELECT jid FROM command WHERE expected BETWEEN 2 AND 10 ORDER BY jid DESC OFFSET 300 LIMIT 1) AS c
    UNION ALL SELECT 'jids', json_agg(jid) FROM (SELECT jid FROM command ORDER BY jid DESC LIMIT 100) AS c
    UNION ALL SELECT 'first_jid', to_json(min(jid)) FROM command
    UNION ALL SELECT 'late_jid', to_json(jid) FROM (SELECT jid FROM command ORDER BY jid DESC OFFSET 200 LIMIT 1) AS c
    UNION ALL SELECT 'minion_id', to_json('web00042.eu-web.example.com'::text)
    UNION ALL SELECT 'account', to_json(bench_uuid('account7')) UNION ALL SELECT 'role', to_json(bench_uuid('role7'))
    UNION ALL SELECT 'group', to_json(bench_uuid('group1')) UNION ALL SELECT 'grain_group', to_json(bench_uuid('group4'))
    UNION ALL SELECT 'job', to_json(bench_uuid('job6')) UNION ALL SELECT 'schedule', to_json(bench_uuid('schedule5'))
    UNION ALL SELECT 'session', to_json(bench_uuid('session7')) UNION ALL SELECT 'master', to_json(bench_uuid('eu-web-1'))
    UNION ALL SELECT 'yesterday', to_json(current_setting('bench.now')::timestamptz - interval '1 day')
    UNION ALL SELECT 'yesterday_date', to_json((current_setting('bench.now')::timestamptz - interval '1 day')::date)
    UNION ALL SELECT 'last_week', to_json(current_setting('bench.now')::timestamptz - interval '7 days')
    UNION ALL SELECT 'dead_letter', to_json(min(dead_letter_id)) FROM dead_letter
    UNION ALL SELECT 'now', to_json(current_setting('bench.now')::timestamptz)
) AS all_of_them;
