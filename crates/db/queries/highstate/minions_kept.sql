-- Minions by what all runs that still count made of them: sums that are kept. $1 dry runs, $2 master or cluster, $3 minion, $4 result,
-- $5 changes, $6 summary of what was found, $7 limit, $8 offset, $9 and $10 only these minions. The ORDER BY line is replaced by
-- another of a closed list.
WITH kept AS NOT MATERIALIZED (
    SELECT h.*,
           ($2::text IS NULL OR position($2 IN h.cluster_id) > 0
            -- Masters see minions of their own cluster only: whose cluster fits need not be looked at one by one.
            OR (h.cluster_id, h.minion_id) IN (SELECT m.cluster_id, m.minion_id FROM minion m JOIN master ma ON ma.master_uuid = m.seen_by
                                               WHERE position($2 IN ma.master_id) > 0 AND position($2 IN ma.cluster_id) = 0))
           AND ($3::text IS NULL OR position($3 IN h.minion_id) > 0)
           AND ($4::boolean IS NULL OR (h.failed = 0) = $4) AND ($5::boolean IS NULL OR (h.changed > 0) = $5) AS found
    FROM highstate_sum h
    WHERE h.test = $1::boolean
      AND ($9::text[] IS NULL OR (h.cluster_id, h.minion_id) IN (SELECT * FROM unnest($9::text[], $10::text[])))
), summed AS (
    SELECT count(*) FILTER (WHERE found) AS found,
           count(*) FILTER (WHERE counts) AS total_minions, COALESCE(avg(states) FILTER (WHERE counts), 0) AS avg_states_per_minion,
           count(*) FILTER (WHERE counts AND failed > 0) AS minions_failed, count(*) FILTER (WHERE counts AND failed = 0) AS minions_succeeded,
           count(*) FILTER (WHERE counts AND changed > 0) AS minions_changed, count(*) FILTER (WHERE counts AND changed = 0) AS minions_unchanged,
           COALESCE(avg(duration) FILTER (WHERE counts), 0) AS avg_duration
    FROM (SELECT *, found OR NOT $6::boolean AS counts FROM kept) k
), page AS (
    -- Names only: in their order an index has all of it.
    SELECT *, row_number() OVER () AS place
    FROM (
        SELECT x.cluster_id, x.minion_id FROM kept x WHERE x.found
        ORDER BY x.minion_id COLLATE "C", x.cluster_id COLLATE "C"
        LIMIT NULLIF($7::bigint, -1) OFFSET $8::bigint
    ) AS sorted
), shown AS (
    SELECT p.cluster_id, p.minion_id, h.states AS total_states, h.failed AS states_failed, h.states - h.failed AS states_succeeded,
           h.changed AS states_changed, h.states - h.changed AS states_unchanged, h.duration AS total_duration,
           ma.master_uuid, COALESCE(ma.master_id, p.cluster_id) AS master_id, r.jids, r.saltenvs, p.place
    FROM page p
    JOIN highstate_sum h ON h.cluster_id = p.cluster_id AND h.minion_id = p.minion_id AND h.test = $1
    LEFT JOIN minion m ON m.cluster_id = p.cluster_id AND m.minion_id = p.minion_id
    LEFT JOIN master ma ON ma.master_uuid = m.seen_by
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT t.jid) AS jids, array_agg(DISTINCT t.saltenv) AS saltenvs FROM highstate_total t
        WHERE t.cluster_id = p.cluster_id AND t.minion_id = p.minion_id AND t.test = $1) r
)
SELECT json_build_object('summary', (SELECT row_to_json(s) FROM (SELECT total_minions, avg_states_per_minion, minions_failed,
                             minions_succeeded, minions_changed, minions_unchanged, avg_duration FROM summed) s),
                         'count', (SELECT found FROM summed),
                         'results', COALESCE((SELECT json_agg(s ORDER BY s.place) FROM shown s), '[]'))::text AS reply
