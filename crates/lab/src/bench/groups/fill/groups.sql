-- Saved target groups of ten kinds, as many of each: by id, by grains, by address, compounds, and by the names of others (which
-- say something of all clusters, so that they can be named anywhere).
INSERT INTO target_group (tgt_uuid, name, tgt, created_at, changed_at)
SELECT bench_uuid('group' || n), 'group-' || n,
       json_build_object(CASE WHEN n % 3 = 0 THEN (ARRAY['eu-web', 'us-web', 'eu-db', 'us-db'])[1 + n / 10 % 4] ELSE '*' END,
                         json_build_object('tgt_type', k.kind, 'tgt', k.text)),
       t.now, t.now
FROM generate_series(0, current_setting('bench.groups')::integer - 1) AS n
CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t
CROSS JOIN LATERAL (SELECT n / 10 AS i) AS of_kind
CROSS JOIN LATERAL (
    SELECT * FROM (VALUES
        (0, 'glob', 'web' || lpad((i % 250)::text, 3, '0') || '*'),
        (1, 'glob', '*' || i % 10 || lpad((i % 100)::text, 2, '0') || '.*'),
        (2, 'list', (SELECT string_agg('db' || lpad((i * 7 + l)::text, 5, '0') || '.eu-db.example.com', ',') FROM generate_series(1, 50) AS l)),
        (3, 'grain', 'role:tier-' || i % 50),
        (4, 'grain', 'os:' || (ARRAY['Debian', 'Ubuntu', 'AlmaLinux', 'Windows'])[1 + i % 4]),
        (5, 'compound', 'G@role:tier-' || i % 50 || ' and web*'),
        (6, 'compound', 'G@os_family:Debian and not G@osrelease:1' || i % 3 || ' and *' || i % 10 || '.*'),
        (7, 'ipcidr', '10.' || 1 + i % 4 || '.' || i % 100 || '.0/24'),
        (8, 'grain_pcre', 'saltversion:^300' || 6 + i % 2 || '\.1'),
        (9, 'compound', CASE WHEN i < 10 THEN 'db*' ELSE 'N@group-13 or N@group-' || (ARRAY[23, 43, 53, 73])[1 + i % 4] END)
    ) AS v(kind_no, kind, text) WHERE v.kind_no = n % 10
) AS k;
