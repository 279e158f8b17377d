-- One object per day: totals that are kept. $1 first day, $2 last day, $3 newest first
SELECT COALESCE(json_agg(d ORDER BY CASE WHEN NOT $3::boolean THEN d.date END, CASE WHEN $3 THEN d.date END DESC), '[]')::text AS reply
FROM (
    SELECT to_char(day, 'YYYY-MM-DD') AS date, sum(minions)::bigint AS total_minions,
           sum(changed)::bigint AS minions_changed, sum(minions - changed)::bigint AS minions_unchanged,
           sum(minions - failed)::bigint AS minions_succeeded, sum(failed)::bigint AS minions_failed,
           (sum(duration) / sum(minions))::double precision AS minion_avg_duration, sum(states)::bigint AS total_states,
           sum(states_changed)::bigint AS states_changed, sum(states - states_changed)::bigint AS states_unchanged,
           sum(states - states_failed)::bigint AS states_succeeded, sum(states_failed)::bigint AS states_failed
    FROM highstate_day_total
    WHERE ($1::date IS NULL OR day >= $1) AND ($2::date IS NULL OR day <= $2) AND minions > 0
    GROUP BY day
) d
