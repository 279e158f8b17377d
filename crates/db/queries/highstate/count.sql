-- What these minions add to the totals of states (1), or take from them (-1).
INSERT INTO highstate_count AS c (test, state_key, cluster_id, state, sls, minions, failed, changed, duration, jids, saltenvs)
SELECT test, state_key, $1, min(state), min(sls), $3::bigint * count(*), $3 * count(*) FILTER (WHERE failed),
       $3 * count(*) FILTER (WHERE changed), $3 * sum(duration),
       (array_agg(DISTINCT jid ORDER BY jid DESC))[:20], (array_agg(DISTINCT saltenv ORDER BY saltenv))[:20]
FROM (SELECT test, state_key, min(state) AS state, min(sls) AS sls, bool_or(NOT result) AS failed, sum(num_changes) > 0 AS changed,
             sum(duration::numeric) AS duration, max(jid) AS jid, max(saltenv) AS saltenv
      FROM highstate_row WHERE cluster_id = $1::text AND minion_id = ANY($2::text[])
      GROUP BY test, state_key, minion_id) one
GROUP BY test, state_key
ON CONFLICT (test, state_key, cluster_id) DO UPDATE
SET minions = c.minions + EXCLUDED.minions, failed = c.failed + EXCLUDED.failed, changed = c.changed + EXCLUDED.changed,
    duration = c.duration + EXCLUDED.duration,
    jids = CASE WHEN $3 < 0 OR EXCLUDED.jids <@ c.jids THEN c.jids
                ELSE (SELECT (array_agg(DISTINCT j ORDER BY j DESC))[:20] FROM unnest(c.jids || EXCLUDED.jids) j) END,
    saltenvs = CASE WHEN $3 < 0 OR EXCLUDED.saltenvs <@ c.saltenvs THEN c.saltenvs
                    ELSE (SELECT (array_agg(DISTINCT e ORDER BY e))[:20] FROM unnest(c.saltenvs || EXCLUDED.saltenvs) e) END
