-- Returns by filter, bodies only for the page. Both ORDER BY lines are replaced by another of a closed list.
SELECT r.*, COALESCE(r.json, b.json) AS body, b.original
FROM (
SELECT r.day, r.cluster_id, c.jid, r.minion_id, r.master_uuid, m.master_id, r.fun, r.fun_args::text AS fun_args, r.success,
       r.retcode, r.stamp, r.alter_time, r.body_hash, r.extra::text AS extra, r.trimmed, r.json, c.user_name, c.job_name, c.tgt_name
FROM command c
CROSS JOIN LATERAL (
    -- From the command to its returns, never all returns: LIMIT keeps it so.
    SELECT * FROM ret o
    WHERE o.day = c.day AND o.cluster_id = ANY(c.clusters) AND o.jid = c.jid
      AND ($2::uuid IS NULL OR o.master_uuid = $2)
      AND ($3::text IS NULL OR o.minion_id = $3)
      AND ($4::text IS NULL OR o.fun = $4)
      AND ($6::text IS NULL OR position($6 IN o.fun_args::text) > 0)
      AND ($10::boolean IS NULL OR NOT (o.success AND o.retcode = 0) = $10)
      AND ($11::text IS NULL OR o.cluster_id = $11)
      AND ($12::text[] IS NULL OR (o.cluster_id, o.minion_id) IN (SELECT * FROM unnest($12::text[], $13::text[])))
    -- Of one command no more than these can stand on the page, where it is sorted so.
    ORDER BY o.minion_id LIMIT $20::bigint
) r
LEFT JOIN master m ON m.master_uuid = r.master_uuid
WHERE ($1::text IS NULL OR c.jid = $1)
  -- A return has the function of its command; of a runner Salt says which kind it is, too.
  AND ($4 IS NULL OR c.fun IN ($4, regexp_replace($4, '^(runner|wheel)[.]', '')))
  AND ($5::text IS NULL OR c.user_name = $5)
  AND ($7::boolean IS NULL OR c.is_highstate = $7)
  AND ($8::text IS NULL OR c.jid >= $8)
  AND ($9::text IS NULL OR c.jid <= $9)
  AND ($10 IS NULL OR CASE WHEN $10 THEN c.returned_failed > 0 ELSE c.returned_good > 0 END)
  AND ($2 IS NULL OR c.clusters && ARRAY(SELECT w.cluster_id FROM master_was_in w WHERE w.master_uuid = $2))
  AND ($11 IS NULL OR $11 = ANY(c.clusters))
  AND ($12 IS NULL OR c.clusters && $12)
  AND ($14::uuid IS NULL OR c.job_uuid = $14)
  AND ($15::text IS NULL OR c.job_name = $15)
  AND ($16::uuid IS NULL OR c.tgt_uuid = $16)
  AND ($17::text IS NULL OR c.tgt_name = $17)
ORDER BY r.jid DESC, r.minion_id
LIMIT $18::bigint OFFSET $19::bigint
) r
LEFT JOIN body b ON r.json IS NULL AND b.day = r.day AND b.hash = r.body_hash
ORDER BY r.jid DESC, r.minion_id
