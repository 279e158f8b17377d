-- One sample of everything. $1 now, $2 presences and $3 how many minions have each, $4 masters, $5 since the sample before
WITH taken AS (
    SELECT 'sse_masters' AS metric, 'raas' AS source, $4::bigint::double precision AS value, false AS counter
    UNION ALL
    SELECT 'sse_minions_' || p.presence, 'raas', p.minions, false FROM unnest($2::text[], $3::bigint[]) AS p(presence, minions)
    UNION ALL
    SELECT 'sse_minions', 'raas', sum(p.minions), false FROM unnest($3) AS p(minions)
    UNION ALL
    SELECT 'sse_jobs_in_progress', 'raas', count(*), false FROM command WHERE ended_at IS NULL
    UNION ALL
    SELECT 'sse_jobs_complete_' || s.metric, 'raas', count(c.jid), false
    FROM (VALUES ('all_successful', 'completed_all_successful'), ('missing_returns', 'completed_missing_returns'),
                 ('with_errors', 'completed_failures')) AS s(metric, state)
    LEFT JOIN command c ON c.state = s.state AND c.ended_at > $5::timestamptz AND c.ended_at <= $1::timestamptz
    GROUP BY s.metric
    UNION ALL
    SELECT 'sse_users_authenticated', 'raas', count(*), false FROM account WHERE last_login_at > $5
    UNION ALL
    SELECT 'celery_queue_length', q.queue, q.length, false FROM (
        SELECT 'deliveries' AS queue, count(*) AS length FROM delivery WHERE state IN ('queued', 'leased')
        UNION ALL SELECT 'dead_letters', count(*) FROM dead_letter
        UNION ALL SELECT 'outcomes_due', count(*) FROM outcome WHERE deadline <= $1) q
    UNION ALL
    SELECT 'raas_master_commands_processed', m.master_id, count(v.delivery_id), false
    FROM master m LEFT JOIN delivery v ON v.master_uuid = m.master_uuid AND v.state IN ('published', 'done')
                                      AND v.changed_at > $5 AND v.changed_at <= $1
    GROUP BY m.master_id
    UNION ALL
    SELECT 'salt_event_count', m.master_id, COALESCE(sum(r.through), 0), true
    FROM master m LEFT JOIN report_progress r USING (master_uuid) GROUP BY m.master_id
    UNION ALL
    SELECT d.metric, 'postgres', d.value, d.counter
    FROM pg_stat_database s,
         LATERAL (VALUES ('postgres_connections', s.numbackends::double precision, false),
                         ('postgres_rows_deleted', s.tup_deleted::double precision, true),
                         ('postgres_rows_inserted', s.tup_inserted::double precision, true),
                         ('postgres_rows_read', s.tup_fetched::double precision, true),
                         ('postgres_rows_updated', s.tup_updated::double precision, true),
                         ('postgres_transactions', (s.xact_commit + s.xact_rollback)::double precision, true)) AS d(metric, value, counter)
    WHERE s.datname = current_database()
), before AS (
    SELECT n.metric, n.source, n.value FROM metric_now n
), kept AS (
    INSERT INTO metric_now AS n (metric, source, at, value, counter)
    SELECT t.metric, t.source, $1, t.value, t.counter FROM taken t
    ON CONFLICT (metric, source) DO UPDATE SET at = EXCLUDED.at, value = EXCLUDED.value
)
-- A counter that is smaller than before began anew; the first sample of one says nothing yet.
INSERT INTO metric_sample (at, metric, source, value)
SELECT $1, t.metric, t.source, CASE WHEN NOT t.counter THEN t.value WHEN t.value >= b.value THEN t.value - b.value ELSE t.value END
FROM taken t LEFT JOIN before b USING (metric, source)
WHERE NOT t.counter OR b.value IS NOT NULL
ON CONFLICT DO NOTHING
