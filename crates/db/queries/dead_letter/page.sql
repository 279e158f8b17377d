-- $1 ids, $2 master id pattern, $3 kind, $4 limit, $5 offset. Oldest first, as they are tried again.
WITH matched AS (
    SELECT d.dead_letter_id
    FROM dead_letter d LEFT JOIN master m USING (master_uuid)
    WHERE ($1::bigint[] IS NULL OR d.dead_letter_id = ANY($1))
      AND ($2::text IS NULL OR m.master_id LIKE $2)
      AND ($3::text IS NULL OR d.kind = $3)
), page AS (
    SELECT dead_letter_id FROM matched ORDER BY dead_letter_id LIMIT NULLIF($4::bigint, -1) OFFSET $5::bigint
)
SELECT (SELECT count(*) FROM matched) AS count, p.dead_letter_id, m.master_id, m.cluster_id, d.master_uuid, d.epoch, d.n,
       d.kind, d.reason, d.at, d.tries, d.tried_at, octet_length(d.record)::bigint AS size
FROM (SELECT) AS always
LEFT JOIN (page p JOIN dead_letter d USING (dead_letter_id) LEFT JOIN master m USING (master_uuid)) ON true
ORDER BY p.dead_letter_id
