-- One state on every minion. $1 dry runs, $2 state, $3 master or cluster, $4 minion, $5 saltenv, $6 result, $7 changes, $8 comment,
-- $9 summary of what was found, $10 sort by, $11 reverse, $12 limit, $13 offset, $14 jid,
-- $15 and $16 only these minions. Wide texts are read for the page only.
WITH base AS (
    SELECT h.cluster_id, h.minion_id, h.test, h.tag, h.jid, h.saltenv, h.run_num, h.result, h.num_changes, h.duration,
           CASE WHEN $8::text IS NOT NULL OR $10::text = 'comment' THEN h.comment END AS comment
    FROM highstate_row h
    WHERE h.test = $1::boolean AND h.state_key = ANY(ARRAY(SELECT state_key FROM highstate_count WHERE state = $2::text AND test = $1))
      AND ($15::text[] IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($15::text[], $16::text[])))
      -- Of minions that are not there any more, until they are forgotten.
      AND (h.cluster_id, h.minion_id) NOT IN (SELECT g.cluster_id, g.minion_id FROM highstate_gone g)
), found AS (
    SELECT * FROM base b
    WHERE ($3::text IS NULL OR position($3 IN cluster_id) > 0
           -- Masters see minions of their own cluster only: whose cluster fits need not be looked at one by one.
           OR (cluster_id, minion_id) IN (SELECT m.cluster_id, m.minion_id FROM minion m JOIN master ma ON ma.master_uuid = m.seen_by
                                          WHERE position($3 IN ma.master_id) > 0 AND position($3 IN ma.cluster_id) = 0))
      AND ($4::text IS NULL OR position($4 IN minion_id) > 0)
      AND ($5::text IS NULL OR position($5 IN saltenv) > 0)
      AND ($14::text IS NULL OR position($14 IN jid) > 0)
      AND ($6::boolean IS NULL OR result = $6)
      AND ($7::boolean IS NULL OR (num_changes > 0) = $7)
      AND ($8 IS NULL OR position($8 IN comment) > 0)
), summed AS (
    SELECT * FROM found WHERE $9::boolean
    UNION ALL
    SELECT * FROM base WHERE NOT $9
), summary AS (
    SELECT count(*) AS total_minions, count(*) FILTER (WHERE failed) AS minions_failed, count(*) FILTER (WHERE NOT failed) AS minions_succeeded,
           count(*) FILTER (WHERE changed) AS minions_changed, count(*) FILTER (WHERE NOT changed) AS minions_unchanged,
           COALESCE(avg(duration), 0) AS avg_duration
    FROM (SELECT bool_or(NOT result) AS failed, bool_or(num_changes > 0) AS changed, sum(duration) AS duration
          FROM summed GROUP BY cluster_id, minion_id) one
), keyed AS (
    SELECT f.*, CASE COALESCE($10, 'minion_id') WHEN 'minion_id' THEN minion_id WHEN 'saltenv' THEN saltenv WHEN 'jid' THEN jid WHEN 'comment' THEN comment END COLLATE "C" AS text_key,
           CASE $10 WHEN 'run_num' THEN run_num WHEN 'result' THEN result::integer WHEN 'changes' THEN num_changes
                    WHEN 'duration' THEN duration ELSE run_num END AS number_key
    FROM found f
), page AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $11::boolean THEN text_key END, CASE WHEN $11 THEN text_key END DESC,
                                          CASE WHEN NOT $11 THEN number_key END, CASE WHEN $11 THEN number_key END DESC,
                                          minion_id, cluster_id, run_num, tag) AS place
    FROM keyed
    ORDER BY place
    LIMIT NULLIF($12::bigint, -1) OFFSET $13::bigint
), shown AS (
    SELECT p.cluster_id, COALESCE(ma.master_id, p.cluster_id) AS master_id, p.minion_id, h.state, h.sls, p.saltenv, p.jid, p.run_num, p.result, p.duration, p.num_changes,
           h.changes::json AS changes, h.comment, p.place
    FROM page p
    JOIN highstate_row h ON h.cluster_id = p.cluster_id AND h.minion_id = p.minion_id AND h.test = p.test AND h.tag = p.tag
    LEFT JOIN minion m ON m.cluster_id = p.cluster_id AND m.minion_id = p.minion_id
    LEFT JOIN master ma ON ma.master_uuid = m.seen_by
)
SELECT json_build_object('summary', (SELECT row_to_json(s) FROM summary s), 'count', (SELECT count(*) FROM found),
                         'results', COALESCE((SELECT json_agg(s ORDER BY s.place) FROM shown s), '[]'))::text AS reply
