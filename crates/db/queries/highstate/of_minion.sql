-- States of one minion. $1 dry runs, $2 minion, $3 state, $4 sls, $5 saltenv, $6 result, $7 changes, $8 comment,
-- $9 summary of what was found, $10 sort by, $11 reverse, $12 limit, $13 offset, $14 jid, $15 and $16 only these minions
WITH base AS (
    SELECT h.*, ma.master_uuid, COALESCE(ma.master_id, h.cluster_id) AS master_id
    FROM highstate_row h
    JOIN minion m ON m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id
    LEFT JOIN master ma ON ma.master_uuid = m.seen_by
    WHERE h.test = $1::boolean AND h.minion_id = $2::text AND h.cluster_id = ANY(ARRAY(SELECT cluster_id FROM cluster))
      AND ($15::text[] IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($15::text[], $16::text[])))
), found AS (
    SELECT * FROM base
    WHERE ($3::text IS NULL OR position($3 IN state) > 0)
      AND ($4::text IS NULL OR position($4 IN sls) > 0)
      AND ($5::text IS NULL OR position($5 IN saltenv) > 0)
      AND ($14::text IS NULL OR position($14 IN jid) > 0)
      AND ($6::boolean IS NULL OR result = $6)
      AND ($7::boolean IS NULL OR (num_changes > 0) = $7)
      AND ($8::text IS NULL OR position($8 IN comment) > 0)
), summed AS (
    SELECT * FROM found WHERE $9::boolean
    UNION ALL
    SELECT * FROM base WHERE NOT $9
), summary AS (
    SELECT count(*) AS total_states, count(*) FILTER (WHERE NOT result) AS states_failed, count(*) FILTER (WHERE result) AS states_succeeded,
           count(*) FILTER (WHERE num_changes > 0) AS states_changed, count(*) FILTER (WHERE num_changes = 0) AS states_unchanged,
           COALESCE(sum(duration), 0) AS total_duration
    FROM summed
), keyed AS (
    SELECT f.*, CASE COALESCE($10::text, 'run_num') WHEN 'state' THEN state WHEN 'sls' THEN sls WHEN 'saltenv' THEN saltenv WHEN 'jid' THEN jid WHEN 'comment' THEN comment END COLLATE "C" AS text_key,
           CASE $10 WHEN 'run_num' THEN run_num WHEN 'result' THEN result::integer WHEN 'changes' THEN num_changes
                    WHEN 'duration' THEN duration ELSE run_num END AS number_key
    FROM found f
), page AS (
    SELECT * FROM keyed
    ORDER BY CASE WHEN NOT $11::boolean THEN text_key END, CASE WHEN $11 THEN text_key END DESC,
               CASE WHEN NOT $11 THEN number_key END, CASE WHEN $11 THEN number_key END DESC, minion_id, cluster_id, run_num, tag
    LIMIT NULLIF($12::bigint, -1) OFFSET $13::bigint
)
SELECT json_build_object('summary', (SELECT row_to_json(s) FROM summary s), 'count', (SELECT count(*) FROM found),
                         'results', COALESCE((SELECT json_agg(p) FROM (SELECT cluster_id, master_id, minion_id, state, sls, saltenv, jid, run_num, result, duration, num_changes, changes::json AS changes, comment FROM page) p), '[]'))::text AS reply
