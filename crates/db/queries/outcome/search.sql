-- Outcomes of one command. The ORDER BY line is replaced by another of a closed list.
WITH page AS (
    -- Names only: all are sorted, few are shown.
    SELECT *, row_number() OVER () AS place
    FROM (
        SELECT o.day, o.cluster_id, o.minion_id
        FROM outcome o
        JOIN command c ON c.jid = $1 AND o.day = c.day AND o.cluster_id = ANY(c.clusters)
        LEFT JOIN master m ON m.master_uuid = o.master_uuid
        WHERE o.jid = $1
          AND ($2::text IS NULL OR o.minion_id = $2)
          AND ($3::text IS NULL OR position($3 IN o.minion_id) > 0)
          AND ($4::text IS NULL OR position($4 IN m.master_id) > 0)
          AND ($5::boolean IS NULL OR o.state = CASE WHEN $5 THEN 'failed' ELSE 'succeeded' END)
          AND ($6::boolean IS NULL OR (o.state IN ('succeeded', 'failed')) = $6)
          AND ($7::text[] IS NULL OR (o.cluster_id, o.minion_id) IN (SELECT * FROM unnest($7::text[], $8::text[])))
        ORDER BY o.changed_at, o.minion_id
        LIMIT $9::bigint OFFSET $10::bigint
    ) AS sorted
)
SELECT p.day, p.cluster_id, p.minion_id, m.master_id, o.state, o.reason, o.retcode, o.late, o.ran_twice, o.unexpected,
       o.witnesses, o.changed_at
FROM page p
JOIN outcome o ON o.day = p.day AND o.cluster_id = p.cluster_id AND o.jid = $1 AND o.minion_id = p.minion_id
LEFT JOIN master m ON m.master_uuid = o.master_uuid
ORDER BY p.place
