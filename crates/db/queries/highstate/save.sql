-- Results of states; older ones never replace newer ones, and none comes back that a newer highstate had not.
INSERT INTO highstate_row AS h (cluster_id, minion_id, test, tag, jid, saltenv, state, sls, run_num, result, num_changes, duration,
                                changes, comment, returned_at)
SELECT $1, r.minion_id, r.test, md5(r.tag)::uuid, r.jid, r.saltenv, r.state, r.sls, r.run_num, r.result, r.num_changes, r.duration,
       r.changes, r.comment, $2
FROM unnest($3::text[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[], $11::boolean[],
            $12::bigint[], $13::double precision[], $14::text[], $15::text[])
     AS r(minion_id, test, tag, jid, saltenv, state, sls, run_num, result, num_changes, duration, changes, comment)
WHERE NOT EXISTS (SELECT FROM highstate_minion m
                  WHERE m.cluster_id = $1 AND m.minion_id = r.minion_id AND m.test = r.test AND m.saltenv = r.saltenv
                    AND m.full_jid > r.jid)
ORDER BY r.minion_id, r.test, r.tag
ON CONFLICT (cluster_id, minion_id, test, tag) DO UPDATE
SET jid = EXCLUDED.jid, saltenv = EXCLUDED.saltenv, state = EXCLUDED.state, sls = EXCLUDED.sls, run_num = EXCLUDED.run_num,
    result = EXCLUDED.result, num_changes = EXCLUDED.num_changes, duration = EXCLUDED.duration, changes = EXCLUDED.changes,
    comment = EXCLUDED.comment, returned_at = EXCLUDED.returned_at
WHERE h.jid < EXCLUDED.jid
