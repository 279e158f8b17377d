-- The last run of each day of each minion.
INSERT INTO highstate_day AS h (day, cluster_id, minion_id, jid, states, failed, changed, duration)
SELECT DISTINCT ON (r.day, r.minion_id) r.day, $1, r.minion_id, r.jid, r.states, r.failed, r.changed, r.duration
FROM unnest($2::date[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::double precision[])
     AS r(day, minion_id, jid, states, failed, changed, duration)
ORDER BY r.day, r.minion_id, r.jid DESC
ON CONFLICT (day, cluster_id, minion_id) DO UPDATE
SET jid = EXCLUDED.jid, states = EXCLUDED.states, failed = EXCLUDED.failed, changed = EXCLUDED.changed, duration = EXCLUDED.duration
WHERE h.jid < EXCLUDED.jid
