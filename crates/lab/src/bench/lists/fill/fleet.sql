-- Fills an empty database: four clusters of two masters with their minions, grains, keys and signs of life.
-- Told by settings of the session: bench.minions (in all) and bench.now. The same settings make the same fleet.

CREATE FUNCTION bench_uuid(text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN md5('bench:' || $1)::uuid;
-- As long as an RSA key of 2048 bits, and as hard to make smaller.
CREATE FUNCTION bench_key(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    (SELECT '-----BEGIN PUBLIC KEY-----' || string_agg(E'\n' || md5($1 || n) || md5(n || $1), '') || E'\n-----END PUBLIC KEY-----'
     FROM generate_series(1, 6) AS n);

INSERT INTO cluster (cluster_id, kind, created_at)
SELECT name, kind, current_setting('bench.now')::timestamptz - interval '90 days'
FROM (VALUES ('eu-web', 'failover'), ('us-web', 'failover'), ('eu-db', 'hot'), ('us-db', 'hot')) AS c(name, kind);

INSERT INTO master (master_uuid, master_id, cluster_id, fingerprint, created_at, plugin_version, salt_version, host, transport, last_call_at,
                    salt_state, salt_answered_at, connections, keys_at)
SELECT bench_uuid(c.cluster_id || '-' || n), c.cluster_id || '-' || n, c.cluster_id, encode(sha256((c.cluster_id || n)::bytea), 'hex'),
       c.created_at, '0.1.0', '3006.30', c.cluster_id || '-' || n || '.example.com', 'zeromq', t.now, 'answering', t.now, 12500, t.now
FROM cluster c CROSS JOIN generate_series(1, 2) AS n CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t;

INSERT INTO master_key (master_id, fingerprint, public_key, state, cluster_id, kind, created_at, changed_at, last_seen_at)
SELECT m.master_id, m.fingerprint, '-----BEGIN PUBLIC KEY-----', 'accepted', m.cluster_id, c.kind, m.created_at, m.created_at, m.last_call_at
FROM master m JOIN cluster c USING (cluster_id);

INSERT INTO master_grains (master_uuid, grains, saved_at)
SELECT master_uuid, jsonb_build_object('id', master_id, 'os', 'Debian', 'host', host), last_call_at FROM master;

-- Of 20 minions one fell silent, and of 100 one was never seen. About 3 kB of grains each, as Salt tells of a virtual machine.
INSERT INTO minion (cluster_id, minion_id, created_at, grains, grains_at, seen_at, seen_by, evidence, silent_at)
SELECT c.cluster_id, name, c.created_at,
       jsonb_build_object(
           'id', name, 'host', split_part(name, '.', 1), 'fqdn', name, 'nodename', name, 'domain', c.cluster_id || '.example.com',
           'ipv4', jsonb_build_array('127.0.0.1', '10.' || c.place || '.' || n / 250 || '.' || n % 250 + 1),
           'ipv6', jsonb_build_array('::1', 'fd00::' || to_hex(c.place * 1000000 + n)),
           'os', (ARRAY['Debian', 'Ubuntu', 'AlmaLinux', 'Windows'])[1 + n % 4],
           'osfullname', (ARRAY['Debian GNU/Linux', 'Ubuntu', 'AlmaLinux', 'Microsoft Windows Server 2022'])[1 + n % 4],
           'os_family', (ARRAY['Debian', 'Debian', 'RedHat', 'Windows'])[1 + n % 4],
           'kernel', (ARRAY['Linux', 'Linux', 'Linux', 'Windows'])[1 + n % 4], 'osrelease', (11 + n % 3)::text,
           'saltversion', (ARRAY['3006.9', '3006.30', '3007.1', '3007.17'])[1 + n / 7 % 4],
           'role', 'tier-' || n % 50, 'machine_id', md5(name), 'uuid', bench_uuid(name), 'num_cpus', 2 << n % 4,
           'mem_total', 2048 << n % 6, 'biosversion', '4.' || n % 12, 'serialnumber', upper(left(md5(name || 's'), 14)))
           || of_all.grains,
       t.now - interval '1 hour' - n % 3600 * interval '1 s',
       CASE WHEN n % 100 > 0 THEN t.now - n % 300 * interval '1 s' END,
       CASE WHEN n % 100 > 0 THEN bench_uuid(c.cluster_id || '-' || 1 + n % 2) END,
       CASE WHEN n % 100 > 0 THEN (ARRAY['event', 'return', 'ping', 'start'])[1 + n % 4] END,
       CASE WHEN n % 20 = 1 THEN t.now + interval '1 s' END
FROM (SELECT cluster_id, created_at, row_number() OVER (ORDER BY cluster_id) AS place FROM cluster) AS c
CROSS JOIN generate_series(0, current_setting('bench.minions')::integer / 4 - 1) AS n
CROSS JOIN LATERAL (SELECT CASE WHEN c.cluster_id LIKE '%web' THEN 'web' ELSE 'db' END || lpad(n::text, 5, '0') || '.' || c.cluster_id
                           || '.example.com' AS name) AS named
CROSS JOIN (SELECT current_setting('bench.now')::timestamptz AS now) AS t
CROSS JOIN (SELECT jsonb_object_agg('grain_' || g, 'a value of ' || md5(g::text)) || jsonb_build_object(
                'cpuarch', 'x86_64', 'systemd', jsonb_build_object('version', '252', 'features', repeat('+PAM +AUDIT ', 12)),
                'disks', '["vda", "vdb"]'::jsonb, 'selinux', '{"enabled": false, "enforced": "Disabled"}'::jsonb,
                'cpu_flags', (SELECT jsonb_agg('flag' || f) FROM generate_series(1, 90) AS f)) AS grains
            FROM generate_series(1, 20) AS g) AS of_all;

-- Both masters of a cluster hold each key. In a failover cluster one of them sees the minion, in a hot-hot cluster both.
-- Of 1000 minions one waits on one master; of 2000 one shows another key there.
INSERT INTO link (cluster_id, minion_id, master_uuid, key_state, fingerprint, key_at, seen_at, evidence, silent_at)
SELECT m.cluster_id, m.minion_id, ma.master_uuid, CASE WHEN odd % 1000 = 7 AND ma.master_id LIKE '%-2' THEN 'pending' ELSE 'accepted' END,
       encode(sha256(convert_to(m.minion_id || CASE WHEN odd % 2000 = 7 THEN ma.master_id ELSE '' END, 'UTF8')), 'hex'),
       m.created_at, s.seen_at, CASE WHEN s.seen_at IS NOT NULL THEN m.evidence END, CASE WHEN ma.master_uuid = m.seen_by THEN m.silent_at END
FROM minion m JOIN master ma USING (cluster_id) JOIN cluster c USING (cluster_id)
CROSS JOIN LATERAL (SELECT substr(m.minion_id, CASE WHEN m.minion_id LIKE 'web%' THEN 4 ELSE 3 END, 5)::integer AS odd) AS o
CROSS JOIN LATERAL (SELECT CASE WHEN c.kind = 'hot' OR ma.master_uuid = m.seen_by THEN m.seen_at END AS seen_at) AS s;
INSERT INTO link_key (cluster_id, minion_id, master_uuid, public_key) SELECT cluster_id, minion_id, master_uuid, bench_key(minion_id) FROM link;

INSERT INTO minion_key (cluster_id, minion_id, desired, fingerprint, public_key, decided_at, decided_by, suspended_at, suspended_why)
SELECT m.cluster_id, m.minion_id, 'accepted', encode(sha256(convert_to(m.minion_id, 'UTF8')), 'hex'), bench_key(m.minion_id), m.created_at, 'root',
       CASE WHEN m.minion_id LIKE '%0075.%' THEN m.created_at END, CASE WHEN m.minion_id LIKE '%0075.%' THEN 'deleted on a master by other hands' END
FROM minion m WHERE m.minion_id LIKE '%5.%';
