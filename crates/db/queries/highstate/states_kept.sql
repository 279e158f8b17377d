-- States by what they made of all minions: totals that are kept. $1 dry runs, $2 state, $3 sls, $4 result, $5 changes,
-- $6 summary of what was found, $7 sort by, $8 reverse, $9 limit, $10 offset. Filters that leave no run out still choose what is shown
-- of the jobs: $11 jid, $12 saltenv, $13 oldest jid
WITH every AS (
    SELECT state_key, min(state) AS state, min(sls) AS sls, sum(minions)::bigint AS total_minions, sum(failed)::bigint AS minions_failed,
           sum(minions - failed)::bigint AS minions_succeeded, sum(changed)::bigint AS minions_changed,
           sum(minions - changed)::bigint AS minions_unchanged, (sum(duration) / sum(minions))::double precision AS avg_duration
    FROM highstate_count WHERE test = $1::boolean AND minions > 0
    GROUP BY state_key
), found AS (
    SELECT * FROM every
    WHERE ($2::text IS NULL OR position($2 IN state) > 0) AND ($3::text IS NULL OR position($3 IN sls) > 0)
      AND ($4::boolean IS NULL OR (minions_failed = 0) = $4) AND ($5::boolean IS NULL OR (minions_changed > 0) = $5)
), summed AS (
    SELECT * FROM found WHERE $6::boolean
    UNION ALL
    SELECT * FROM every WHERE NOT $6
), summary AS (
    SELECT count(*) AS total_states, COALESCE(avg(total_minions), 0) AS avg_minions_per_state,
           count(*) FILTER (WHERE minions_failed > 0) AS states_failed, count(*) FILTER (WHERE minions_failed = 0) AS states_succeeded,
           count(*) FILTER (WHERE minions_changed > 0) AS states_changed, count(*) FILTER (WHERE minions_changed = 0) AS states_unchanged,
           COALESCE(avg(avg_duration), 0) AS avg_duration
    FROM summed
), keyed AS (
    SELECT f.*, CASE COALESCE($7::text, 'state') WHEN 'state' THEN state WHEN 'sls' THEN sls END COLLATE "C" AS text_key,
           CASE $7 WHEN 'total_minions' THEN total_minions WHEN 'minions_failed' THEN minions_failed
                   WHEN 'minions_succeeded' THEN minions_succeeded WHEN 'minions_changed' THEN minions_changed
                   WHEN 'minions_unchanged' THEN minions_unchanged WHEN 'avg_duration' THEN avg_duration END AS number_key
    FROM found f
), page AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $8::boolean THEN text_key END, CASE WHEN $8 THEN text_key END DESC,
                                          CASE WHEN NOT $8 THEN number_key END, CASE WHEN $8 THEN number_key END DESC,
                                          state COLLATE "C", sls COLLATE "C") AS place
    FROM keyed
    ORDER BY place
    LIMIT NULLIF($9::bigint, -1) OFFSET $10::bigint
), shown AS (
    SELECT p.*, r.jids, r.saltenvs FROM page p
    CROSS JOIN LATERAL (
        SELECT COALESCE((array_agg(DISTINCT j ORDER BY j DESC) FILTER (WHERE j IS NOT NULL AND ($11::text IS NULL OR position($11 IN j) > 0)
                                                                          AND ($13::text IS NULL OR j >= $13)))[:20], '{}') AS jids,
               COALESCE(array_agg(DISTINCT e) FILTER (WHERE e IS NOT NULL AND ($12::text IS NULL OR position($12 IN e) > 0)), '{}') AS saltenvs
        FROM highstate_count c, unnest(c.jids, c.saltenvs) AS u(j, e)
        WHERE c.test = $1 AND c.state_key = p.state_key AND c.minions > 0) r
)
SELECT json_build_object('summary', (SELECT row_to_json(s) FROM summary s), 'count', (SELECT count(*) FROM found),
                         'results', COALESCE((SELECT json_agg(s ORDER BY s.place) FROM shown s), '[]'))::text AS reply
