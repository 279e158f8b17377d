-- The returns that decided already: hash of the value and master, in the order asked for; null where there is none.
SELECT array_agg(r.body_hash ORDER BY i.place) AS hashes, array_agg(r.master_uuid ORDER BY i.place) AS masters
FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS i(jid, minion_id, place)
LEFT JOIN LATERAL (
    SELECT body_hash, master_uuid FROM ret
    WHERE day = $1 AND cluster_id = $2 AND jid = i.jid AND minion_id = i.minion_id
    LIMIT 1
) r ON true
