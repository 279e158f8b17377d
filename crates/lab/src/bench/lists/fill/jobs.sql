-- The jobs of 30 days, as a table that the history is made of: few of many minions, many of few. Settings: bench.minions,
-- bench.returns, bench.now.

CREATE UNLOGGED TABLE bench_job AS
WITH size AS (
    -- Of all returns a quarter is of jobs of a whole cluster.
    SELECT share, CASE of WHEN 0 THEN of_cluster ELSE LEAST(of, of_cluster) END AS minions
    FROM (VALUES (0.25, 0), (0.25, 1000), (0.20, 100), (0.20, 10), (0.10, 2)) AS s(share, of)
    CROSS JOIN (SELECT current_setting('bench.minions')::integer / 4 AS of_cluster) AS c
), one AS (
    SELECT s.minions, row_number() OVER () AS k
    FROM size s CROSS JOIN LATERAL generate_series(1, GREATEST(1, (s.share * current_setting('bench.returns')::bigint / s.minions)::integer))
), timed AS (
    SELECT k, minions, k % 4 AS cluster, k % 7 AS kind,
           date_trunc('second', current_setting('bench.now')::timestamptz - interval '10 minutes'
               - hashint4(k::integer)::bigint % 1296000 * interval '1 s' - interval '15 days') AS at
    FROM one
)
SELECT k, minions, at, (at AT TIME ZONE 'UTC')::date AS day, to_char(at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') || lpad((k % 1000000)::text, 6, '0') AS jid,
       (ARRAY['eu-web', 'us-web', 'eu-db', 'us-db'])[1 + cluster] AS cluster_id, CASE WHEN cluster < 2 THEN 'web' ELSE 'db' END AS prefix,
       CASE WHEN k % 97 = 0 THEN 'saltutil.find_job' WHEN k % 89 = 0 AND minions = 2 THEN 'manage.status' ELSE
       (ARRAY['test.ping', 'cmd.run', 'state.apply', 'grains.items', 'pkg.version', 'service.status', 'disk.usage'])[1 + kind] END AS fun,
       k * 7919 % (current_setting('bench.minions')::integer / 4) AS first, k % 50 AS owner, kind = 2 AND k % 2 = 0 AS is_highstate
FROM timed ORDER BY jid;
ALTER TABLE bench_job ADD PRIMARY KEY (jid);
ANALYZE bench_job;

-- Values that minions return, as zstd frames that hold them as they are.
CREATE UNLOGGED TABLE bench_value AS
SELECT n, sha256(text) AS hash,
       '\x28b52ffd60'::bytea || decode(lpad(to_hex((length(text) - 256) % 256), 2, '0') || lpad(to_hex((length(text) - 256) / 256), 2, '0')
           || lpad(to_hex((length(text) * 8 + 1) % 256), 2, '0') || lpad(to_hex((length(text) * 8 + 1) / 256 % 256), 2, '0')
           || lpad(to_hex(length(text) * 8 / 65536), 2, '0'), 'hex') || text AS json
FROM (SELECT n, convert_to(to_json(rpad('output ' || n || ' of a command ', 258 + n % 40, md5(n::text)))::text, 'UTF8') AS text
      FROM generate_series(0, 99) AS n) AS t;
ALTER TABLE bench_value ADD PRIMARY KEY (n);
ANALYZE bench_value;

-- What state.apply returns is the same for many, and stands in `body`.
INSERT INTO body (day, hash, json, size)
SELECT d.day, v.hash, v.json, length(v.json) FROM (SELECT DISTINCT day FROM bench_job) AS d CROSS JOIN bench_value v WHERE v.n % 10 = 0;
