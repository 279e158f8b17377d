-- What the last runs of these minions on these days add to the totals of days (1), or take from them (-1).
INSERT INTO highstate_day_total AS t (day, cluster_id, minions, failed, changed, duration, states, states_failed, states_changed)
SELECT d.day, $1::text, $4::bigint * count(*), $4 * count(*) FILTER (WHERE d.failed > 0), $4 * count(*) FILTER (WHERE d.changed > 0),
       $4 * sum(d.duration::numeric), $4 * sum(d.states), $4 * sum(d.failed), $4 * sum(d.changed)
FROM (SELECT DISTINCT day, minion_id FROM unnest($2::date[], $3::text[]) AS r(day, minion_id)) r
JOIN highstate_day d ON d.day = r.day AND d.cluster_id = $1 AND d.minion_id = r.minion_id
GROUP BY d.day
ON CONFLICT (day, cluster_id) DO UPDATE
SET minions = t.minions + EXCLUDED.minions, failed = t.failed + EXCLUDED.failed, changed = t.changed + EXCLUDED.changed,
    duration = t.duration + EXCLUDED.duration, states = t.states + EXCLUDED.states,
    states_failed = t.states_failed + EXCLUDED.states_failed, states_changed = t.states_changed + EXCLUDED.states_changed
