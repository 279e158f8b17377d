-- What runs of states made of every minion: 20 states each, out of 40 of its role, of 400 in all; the last run of every day of 30; and
-- the totals that the server keeps of them. After commands.sql. Setting: bench.now.

CREATE UNLOGGED TABLE bench_run AS
SELECT m.cluster_id, m.minion_id, row_number() OVER (PARTITION BY m.cluster_id ORDER BY m.minion_id) AS i, NULL::text AS jid, NULL::timestamptz AS at
FROM minion m;
WITH job AS (
    SELECT clusters[1] AS cluster_id, jid, created_at, row_number() OVER (PARTITION BY clusters[1] ORDER BY jid DESC) - 1 AS place,
           LEAST(30, count(*) OVER (PARTITION BY clusters[1])) AS count
    FROM command WHERE fun = 'state.apply' AND ended_at IS NOT NULL
)
UPDATE bench_run r SET jid = j.jid, at = j.created_at FROM job j WHERE j.cluster_id = r.cluster_id AND j.place = r.i % j.count;

INSERT INTO highstate_row (cluster_id, minion_id, test, tag, jid, saltenv, state, sls, run_num, result, num_changes, duration, changes, comment, returned_at)
SELECT r.cluster_id, r.minion_id, false, md5('pkg_|-' || s.name || '_|-' || s.name || '_|-installed')::uuid, r.jid, 'base', s.name, 'role-' || r.i % 10, n,
       (r.i * 31 + n) % 200 <> 0, CASE WHEN (r.i + n) % 25 = 0 THEN 1 ELSE 0 END, (r.i * 7 + n * 13) % 400,
       CASE WHEN (r.i + n) % 25 = 0 THEN '{"nginx": {"old": "1.22.0", "new": "1.22.1"}}' ELSE '{}' END,
       CASE WHEN (r.i * 31 + n) % 200 <> 0 THEN 'All specified packages are already installed' ELSE 'Problem encountered installing package(s)' END, r.at
FROM bench_run r CROSS JOIN generate_series(0, 19) AS n
CROSS JOIN LATERAL (SELECT 'state-' || r.i % 10 || '-' || lpad(((r.i / 10 * 3 + n) % 40)::text, 2, '0') AS name) AS s;
INSERT INTO highstate_minion (cluster_id, minion_id, test, saltenv, full_jid) SELECT cluster_id, minion_id, false, 'base', jid FROM bench_run;
INSERT INTO highstate_day (day, cluster_id, minion_id, jid, states, failed, changed, duration)
SELECT (r.at AT TIME ZONE 'UTC')::date - d, r.cluster_id, r.minion_id, r.jid, 20, ((r.i * 31 + d) % 40 = 0)::integer, ((r.i + d) % 3 = 0)::integer, 2000 + (r.i + d) % 700
FROM bench_run r CROSS JOIN generate_series(0, 14) AS d;
DROP TABLE bench_run;

INSERT INTO highstate_total
SELECT cluster_id, minion_id, test, saltenv, jid, max(returned_at), count(*), count(*) FILTER (WHERE NOT result),
       count(*) FILTER (WHERE num_changes > 0), sum(duration)
FROM highstate_row GROUP BY cluster_id, minion_id, test, saltenv, jid;
INSERT INTO highstate_count
SELECT test, state_key, cluster_id, min(state), min(sls), count(*), count(*) FILTER (WHERE NOT result), count(*) FILTER (WHERE num_changes > 0),
       sum(duration::numeric), (array_agg(DISTINCT jid ORDER BY jid DESC))[:20], (array_agg(DISTINCT saltenv ORDER BY saltenv))[:20]
FROM highstate_row GROUP BY test, state_key, cluster_id;
INSERT INTO highstate_day_total
SELECT day, cluster_id, count(*), count(*) FILTER (WHERE failed > 0), count(*) FILTER (WHERE changed > 0), sum(duration::numeric),
       sum(states), sum(failed), sum(changed)
FROM highstate_day GROUP BY day, cluster_id;
INSERT INTO highstate_sum
SELECT cluster_id, minion_id, test, sum(states), sum(failed), sum(changed), sum(duration) FROM highstate_total GROUP BY cluster_id, minion_id, test;
