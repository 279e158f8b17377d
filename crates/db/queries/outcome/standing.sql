-- The states of these outcomes, in the order asked for; null where there is none. LATERAL with LIMIT: one look at the
-- primary key for each, also while a young partition has no statistics.
SELECT array_agg(o.state ORDER BY i.place) AS states
FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS i(jid, minion_id, place)
LEFT JOIN LATERAL (
    SELECT state FROM outcome
    WHERE day = $1 AND cluster_id = $2 AND jid = i.jid AND minion_id = i.minion_id
    LIMIT 1
) o ON true
