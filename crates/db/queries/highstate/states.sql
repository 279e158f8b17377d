-- States by what they made of minions. $1 dry runs, $2 no older than, $3 state, $4 sls, $5 saltenv, $6 jid, $7 result, $8 changes,
-- $9 summary of what was found, $10 sort by, $11 reverse, $12 limit, $13 offset, $14 and $15 only these minions, $16 few runs are
-- counted, $17 the summary of everything is kept. Counted anew: states_kept.sql answers where nothing but states is left out.
WITH rows AS NOT MATERIALIZED (
    SELECT h.cluster_id, h.minion_id, h.state, h.sls, h.result, h.num_changes, h.duration
    FROM highstate_row h
    WHERE NOT $16::boolean AND h.test = $1::boolean AND ($2::timestamptz IS NULL OR h.returned_at >= $2)
      AND ($3::text IS NULL OR position($3 IN h.state) > 0) AND ($4::text IS NULL OR position($4 IN h.sls) > 0)
      AND ($5::text IS NULL OR position($5 IN h.saltenv) > 0) AND ($6::text IS NULL OR position($6 IN h.jid) > 0)
    UNION ALL
    -- Of few runs: each is looked up. OFFSET 0 keeps it so, whatever is guessed of the filters.
    SELECT h.cluster_id, h.minion_id, h.state, h.sls, h.result, h.num_changes, h.duration
    FROM (SELECT * FROM highstate_total t
          WHERE t.test = $1 AND ($2 IS NULL OR t.returned_at >= $2) AND ($5 IS NULL OR position($5 IN t.saltenv) > 0)
            AND ($6 IS NULL OR position($6 IN t.jid) > 0) OFFSET 0) t
    CROSS JOIN LATERAL (SELECT * FROM highstate_row h
                        WHERE h.cluster_id = t.cluster_id AND h.minion_id = t.minion_id AND h.test = t.test AND h.jid = t.jid
                          AND h.saltenv = t.saltenv OFFSET 0) h
    WHERE $16 AND ($3 IS NULL OR position($3 IN h.state) > 0) AND ($4 IS NULL OR position($4 IN h.sls) > 0)
), matched AS (
    SELECT state, sls, count(*) AS total_minions, count(*) FILTER (WHERE NOT result) AS minions_failed,
           count(*) FILTER (WHERE result) AS minions_succeeded, count(*) FILTER (WHERE num_changes > 0) AS minions_changed,
           count(*) FILTER (WHERE num_changes = 0) AS minions_unchanged, avg(duration) AS avg_duration
    FROM (SELECT h.state, h.sls, bool_and(h.result) AS result, sum(h.num_changes) AS num_changes, sum(h.duration) AS duration
          FROM rows h JOIN minion m ON m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id
          WHERE $14::text[] IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($14::text[], $15::text[]))
          GROUP BY h.state, h.sls, h.cluster_id, h.minion_id) one
    GROUP BY state, sls
), found AS (
    SELECT * FROM matched
    WHERE ($7::boolean IS NULL OR (minions_failed = 0) = $7) AND ($8::boolean IS NULL OR (minions_changed > 0) = $8)
), every AS (
    SELECT state, sls, count(*) AS total_minions, count(*) FILTER (WHERE NOT result) AS minions_failed,
           count(*) FILTER (WHERE result) AS minions_succeeded, count(*) FILTER (WHERE num_changes > 0) AS minions_changed,
           count(*) FILTER (WHERE num_changes = 0) AS minions_unchanged, avg(duration) AS avg_duration
    FROM (SELECT h.state, h.sls, bool_and(h.result) AS result, sum(h.num_changes) AS num_changes, sum(h.duration) AS duration
          FROM highstate_row h JOIN minion m ON m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id
          WHERE h.test = $1::boolean AND ($2::timestamptz IS NULL OR h.returned_at >= $2)
            AND ($14::text[] IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($14::text[], $15::text[])))
          GROUP BY h.state, h.sls, h.cluster_id, h.minion_id) one
    GROUP BY state, sls
), kept AS (
    SELECT min(state) AS state, min(sls) AS sls, sum(minions)::bigint AS total_minions, sum(failed)::bigint AS minions_failed,
           sum(minions - failed)::bigint AS minions_succeeded, sum(changed)::bigint AS minions_changed,
           sum(minions - changed)::bigint AS minions_unchanged, (sum(duration) / sum(minions))::double precision AS avg_duration
    FROM highstate_count WHERE test = $1 AND minions > 0
    GROUP BY state_key
), summed AS (
    SELECT * FROM found WHERE $9::boolean
    UNION ALL
    SELECT * FROM every WHERE NOT $9 AND NOT $17::boolean
    UNION ALL
    SELECT * FROM kept WHERE NOT $9 AND $17
), summary AS (
    SELECT count(*) AS total_states, COALESCE(avg(total_minions), 0) AS avg_minions_per_state,
           count(*) FILTER (WHERE minions_failed > 0) AS states_failed, count(*) FILTER (WHERE minions_failed = 0) AS states_succeeded,
           count(*) FILTER (WHERE minions_changed > 0) AS states_changed, count(*) FILTER (WHERE minions_changed = 0) AS states_unchanged,
           COALESCE(avg(avg_duration), 0) AS avg_duration
    FROM summed
), keyed AS (
    SELECT f.*, CASE COALESCE($10::text, 'state') WHEN 'state' THEN state WHEN 'sls' THEN sls END COLLATE "C" AS text_key,
           CASE $10 WHEN 'total_minions' THEN total_minions WHEN 'minions_failed' THEN minions_failed
                    WHEN 'minions_succeeded' THEN minions_succeeded WHEN 'minions_changed' THEN minions_changed
                    WHEN 'minions_unchanged' THEN minions_unchanged WHEN 'avg_duration' THEN avg_duration END AS number_key
    FROM found f
), page AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $11::boolean THEN text_key END, CASE WHEN $11 THEN text_key END DESC,
                                          CASE WHEN NOT $11 THEN number_key END, CASE WHEN $11 THEN number_key END DESC,
                                          state COLLATE "C", sls COLLATE "C") AS place
    FROM keyed
    ORDER BY place
    LIMIT NULLIF($12::bigint, -1) OFFSET $13::bigint
), jobs AS (
    -- Of the states on this page: the newest 20 jobs.
    SELECT state, sls, array_agg(DISTINCT jid) AS jids, array_agg(DISTINCT saltenv) AS saltenvs
    FROM (SELECT h.state, h.sls, h.jid, h.saltenv, dense_rank() OVER (PARTITION BY h.state, h.sls ORDER BY h.jid DESC) AS n FROM highstate_row h JOIN page p ON h.state_key = md5(p.state || E'\n' || p.sls)::uuid
          WHERE h.test = $1 AND ($2 IS NULL OR h.returned_at >= $2) AND ($5::text IS NULL OR position($5 IN h.saltenv) > 0) AND ($6::text IS NULL OR position($6 IN h.jid) > 0)
          AND ($14::text[] IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($14::text[], $15::text[])))
          GROUP BY h.state, h.sls, h.jid, h.saltenv) d WHERE n <= 20
    GROUP BY state, sls
), shown AS (
    SELECT p.*, COALESCE(j.jids, '{}') AS jids, COALESCE(j.saltenvs, '{}') AS saltenvs
    FROM page p LEFT JOIN jobs j ON j.state = p.state AND j.sls = p.sls
)
SELECT json_build_object('summary', (SELECT row_to_json(s) FROM summary s), 'count', (SELECT count(*) FROM found),
                         'results', COALESCE((SELECT json_agg(s ORDER BY s.place) FROM shown s), '[]'))::text AS reply
