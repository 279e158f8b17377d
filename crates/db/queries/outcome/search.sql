-- Outcomes of one command. The ORDER BY line is replaced by another of a closed list.
WITH page AS (
    -- Names only: all are sorted, few are shown.
    SELECT *, row_number() OVER () AS place
    FROM (
        SELECT x.cluster_id, x.minion_id
        FROM (
            SELECT * FROM outcome o
            -- Day and clusters are told and not looked up: so only one partition is planned for.
            WHERE o.day = $2 AND o.cluster_id = ANY($3::text[]) AND o.jid = $1
              AND ($4::text IS NULL OR o.minion_id = $4)
              AND ($5::text IS NULL OR position($5 IN o.minion_id) > 0)
              AND ($6::text IS NULL
                   OR o.master_uuid IN (SELECT named.master_uuid FROM master named WHERE position($6 IN named.master_id) > 0))
              AND ($7::boolean IS NULL OR o.state = CASE WHEN $7 THEN 'failed' ELSE 'succeeded' END)
              AND ($8::boolean IS NULL OR (o.state IN ('succeeded', 'failed')) = $8)
              AND ($9::text[] IS NULL OR (o.cluster_id, o.minion_id) IN (SELECT * FROM unnest($9::text[], $10::text[])))
        ) AS x
        ORDER BY x.changed_at, x.minion_id
        LIMIT $11::bigint OFFSET $12::bigint
    ) AS sorted
)
SELECT o.day, o.cluster_id, o.minion_id, m.master_id, o.state, o.reason, o.retcode, o.late, o.ran_twice, o.unexpected,
       o.witnesses, o.changed_at
FROM page p
JOIN outcome o ON o.day = $2 AND o.cluster_id = p.cluster_id AND o.jid = $1 AND o.minion_id = p.minion_id
LEFT JOIN master m ON m.master_uuid = o.master_uuid
ORDER BY p.place
