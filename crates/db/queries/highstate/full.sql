-- Runs of states, and which of them were whole highstates ('' else): the newest counts.
INSERT INTO highstate_minion AS h (cluster_id, minion_id, test, saltenv, full_jid)
SELECT $1, r.minion_id, r.test, r.saltenv, max(r.full_jid)
FROM unnest($2::text[], $3::boolean[], $4::text[], $5::text[]) AS r(minion_id, test, saltenv, full_jid)
GROUP BY r.minion_id, r.test, r.saltenv
ORDER BY r.minion_id, r.test, r.saltenv
ON CONFLICT (cluster_id, minion_id, test, saltenv) DO UPDATE SET full_jid = EXCLUDED.full_jid WHERE h.full_jid < EXCLUDED.full_jid
