-- So many minions, others each time, tell other grains at once. Settings: bench.changed, bench.round, bench.matters.
UPDATE minion m
SET grains = m.grains || CASE WHEN s.matters THEN jsonb_build_object('role', 'tier-' || abs(hashtext(m.minion_id || s.round)) % 50)
                              ELSE jsonb_build_object('bench_round', s.round) END
FROM (SELECT current_setting('bench.round') AS round, current_setting('bench.matters')::boolean AS matters) AS s
WHERE (m.cluster_id, m.minion_id) IN (SELECT cluster_id, minion_id FROM minion
                                      ORDER BY hashtext(minion_id || current_setting('bench.round'))
                                      LIMIT current_setting('bench.changed')::bigint)
