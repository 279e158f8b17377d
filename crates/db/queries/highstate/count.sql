-- What these minions add to the totals of states (1), or take from them (-1).
INSERT INTO highstate_count AS c (test, state_key, cluster_id, state, sls, minions, failed, changed, duration)
SELECT test, state_key, $1, min(state), min(sls), $3::bigint * count(*), $3 * count(*) FILTER (WHERE failed),
       $3 * count(*) FILTER (WHERE changed), $3 * sum(duration)
FROM (SELECT test, state_key, min(state) AS state, min(sls) AS sls, bool_or(NOT result) AS failed, sum(num_changes) > 0 AS changed,
             sum(duration::numeric) AS duration
      FROM highstate_row WHERE cluster_id = $1::text AND minion_id = ANY($2::text[])
      GROUP BY test, state_key, minion_id) one
GROUP BY test, state_key
ON CONFLICT (test, state_key, cluster_id) DO UPDATE
SET minions = c.minions + EXCLUDED.minions, failed = c.failed + EXCLUDED.failed, changed = c.changed + EXCLUDED.changed,
    duration = c.duration + EXCLUDED.duration
