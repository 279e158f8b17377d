-- $1 present masters, $2 evidence before it is stale, $3 master or cluster, $4 minion pattern, $5 limit, $6 offset, $7 and $8 the only
-- minions that the reader may see, $9 a group whose members they are. The ORDER BY line is replaced by another of a closed list.
WITH page AS (
    -- Grains are large: only those of the page are read. In most orders an index has all of it.
    SELECT *, row_number() OVER () AS place
    FROM (
        SELECT x.cluster_id, x.minion_id
        FROM (SELECT m.*, minion_presence(m.seen_at, m.silent_at, m.seen_by = ANY($1::uuid[]), $2::timestamptz) AS status
              FROM known_minion m
              WHERE m.has_grains
                AND ($3::text IS NULL OR m.cluster_id = $3 OR m.seen_by = (SELECT by.master_uuid FROM master by WHERE by.master_id = $3))
                AND ($4::text IS NULL OR m.minion_id LIKE $4)
                AND ($7::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($7::text[], $8::text[])))
                AND ($9::integer IS NULL OR
                     m.accepted > 0 AND (m.cluster_id, m.minion_id) IN (SELECT t.cluster_id, t.minion_id FROM target_member t WHERE t.group_no = $9))) AS x
        ORDER BY x.grains_at, x.minion_id COLLATE "C", x.cluster_id COLLATE "C"
        LIMIT NULLIF($5::bigint, -1) OFFSET $6::bigint
    ) AS sorted
)
SELECT p.cluster_id, p.minion_id, m.grains::text AS grains
FROM page p JOIN minion m ON m.cluster_id = p.cluster_id AND m.minion_id = p.minion_id
ORDER BY p.place
