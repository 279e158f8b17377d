-- Minions by what runs of states made of them. $1 dry runs, $2 no older than, $3 master or cluster, $4 minion, $5 saltenv, $6 jid,
-- $7 result, $8 changes, $9 summary of what was found, $10 sort by, $11 reverse, $12 limit, $13 offset, $14 and $15 only these minions
WITH matched AS (
    SELECT h.cluster_id, h.minion_id, sum(h.states)::bigint AS total_states, sum(h.failed)::bigint AS states_failed,
           sum(h.changed)::bigint AS states_changed, sum(h.duration) AS total_duration
    FROM highstate_total h
    WHERE h.test = $1::boolean AND ($2::timestamptz IS NULL OR h.returned_at >= $2)
      AND ($14::text[] IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($14::text[], $15::text[])))
      AND ($4::text IS NULL OR position($4 IN h.minion_id) > 0) AND ($5::text IS NULL OR position($5 IN h.saltenv) > 0)
      AND ($6::text IS NULL OR position($6 IN h.jid) > 0)
    GROUP BY h.cluster_id, h.minion_id
), found AS (
    SELECT x.*, m.seen_by
    FROM matched x
    JOIN minion m ON m.cluster_id = x.cluster_id AND m.minion_id = x.minion_id
    WHERE ($3::text IS NULL OR position($3 IN x.cluster_id) > 0
           OR m.seen_by IN (SELECT master_uuid FROM master ma WHERE position($3 IN ma.master_id) > 0))
      AND ($7::boolean IS NULL OR (states_failed = 0) = $7)
      AND ($8::boolean IS NULL OR (states_changed > 0) = $8)
), summed AS (
    SELECT total_states, states_failed, states_changed, total_duration FROM found WHERE $9::boolean
    UNION ALL
    SELECT sum(h.states)::bigint, sum(h.failed)::bigint, sum(h.changed)::bigint, sum(h.duration)
    FROM highstate_total h JOIN minion m ON m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id
    WHERE NOT $9 AND h.test = $1 AND ($2 IS NULL OR h.returned_at >= $2)
      AND ($14 IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($14, $15)))
    GROUP BY h.cluster_id, h.minion_id
), summary AS (
    SELECT count(*) AS total_minions, COALESCE(avg(total_states), 0) AS avg_states_per_minion,
           count(*) FILTER (WHERE states_failed > 0) AS minions_failed, count(*) FILTER (WHERE states_failed = 0) AS minions_succeeded,
           count(*) FILTER (WHERE states_changed > 0) AS minions_changed, count(*) FILTER (WHERE states_changed = 0) AS minions_unchanged,
           COALESCE(avg(total_duration), 0) AS avg_duration
    FROM summed
), keyed AS (
    SELECT f.*, CASE WHEN COALESCE($10::text, 'minion_id') = 'minion_id' THEN minion_id END COLLATE "C" AS text_key,
           CASE $10 WHEN 'total_states' THEN total_states WHEN 'states_failed' THEN states_failed
                    WHEN 'states_succeeded' THEN total_states - states_failed WHEN 'states_changed' THEN states_changed
                    WHEN 'states_unchanged' THEN total_states - states_changed WHEN 'total_duration' THEN total_duration END AS number_key
    FROM found f
), page AS (
    SELECT * FROM keyed
    ORDER BY CASE WHEN NOT $11::boolean THEN text_key END, CASE WHEN $11 THEN text_key END DESC,
             CASE WHEN NOT $11 THEN number_key END, CASE WHEN $11 THEN number_key END DESC,
             minion_id COLLATE "C", cluster_id COLLATE "C"
    LIMIT NULLIF($12::bigint, -1) OFFSET $13::bigint
), shown AS (
    SELECT p.cluster_id, p.minion_id, p.total_states, p.states_failed, p.total_states - p.states_failed AS states_succeeded,
           p.states_changed, p.total_states - p.states_changed AS states_unchanged, p.total_duration,
           ma.master_uuid, COALESCE(ma.master_id, p.cluster_id) AS master_id, r.jids, r.saltenvs,
           row_number() OVER (ORDER BY CASE WHEN NOT $11 THEN text_key END, CASE WHEN $11 THEN text_key END DESC,
                                       CASE WHEN NOT $11 THEN number_key END, CASE WHEN $11 THEN number_key END DESC,
                                       p.minion_id COLLATE "C", p.cluster_id COLLATE "C") AS place
    FROM page p
    LEFT JOIN master ma ON ma.master_uuid = p.seen_by
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT h.jid) AS jids, array_agg(DISTINCT h.saltenv) AS saltenvs FROM highstate_total h
        WHERE h.cluster_id = p.cluster_id AND h.minion_id = p.minion_id AND h.test = $1 AND ($2 IS NULL OR h.returned_at >= $2)
          AND ($5 IS NULL OR position($5 IN h.saltenv) > 0) AND ($6 IS NULL OR position($6 IN h.jid) > 0)) r
)
SELECT json_build_object('summary', (SELECT row_to_json(s) FROM summary s), 'count', (SELECT count(*) FROM found),
                         'results', COALESCE((SELECT json_agg(s ORDER BY s.place) FROM shown s), '[]'))::text AS reply
