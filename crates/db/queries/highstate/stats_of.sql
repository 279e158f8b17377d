-- One object per day, of some minions. $1 first day, $2 last day, $3 newest first, $4 and $5 only these minions
SELECT COALESCE(json_agg(d ORDER BY CASE WHEN NOT $3::boolean THEN d.date END, CASE WHEN $3 THEN d.date END DESC), '[]')::text AS reply
FROM (
    SELECT to_char(day, 'YYYY-MM-DD') AS date, count(*) AS total_minions,
           count(*) FILTER (WHERE changed > 0) AS minions_changed, count(*) FILTER (WHERE changed = 0) AS minions_unchanged,
           count(*) FILTER (WHERE failed = 0) AS minions_succeeded, count(*) FILTER (WHERE failed > 0) AS minions_failed,
           avg(duration) AS minion_avg_duration, sum(states)::bigint AS total_states, sum(changed)::bigint AS states_changed,
           sum(states - changed)::bigint AS states_unchanged, sum(states - failed)::bigint AS states_succeeded,
           sum(failed)::bigint AS states_failed
    FROM highstate_day
    WHERE ($1::date IS NULL OR day >= $1) AND ($2::date IS NULL OR day <= $2)
      AND (cluster_id, minion_id) IN (SELECT * FROM unnest($4::text[], $5::text[]))
    GROUP BY day
) d
