-- Returns of one minion, or few of one master, by filter, bodies only for the page. Both ORDER BY lines are replaced by another of a closed list.
SELECT r.*, COALESCE(r.json, b.json) AS body, b.original
FROM (
SELECT r.day, r.cluster_id, r.jid, r.minion_id, r.master_uuid, m.master_id, r.fun, r.fun_args::text AS fun_args, r.success,
       r.retcode, r.stamp, r.alter_time, r.body_hash, r.extra::text AS extra, r.trimmed, r.json, c.user_name, c.job_name, c.tgt_name
FROM ret r
JOIN command c ON c.jid = r.jid AND c.day = r.day AND r.cluster_id = ANY(c.clusters)
LEFT JOIN master m ON m.master_uuid = r.master_uuid
WHERE ($1::text IS NULL OR r.jid = $1)
  AND ($2::uuid IS NULL OR r.master_uuid = $2)
  AND ($3::text IS NULL OR r.minion_id = $3)
  -- A return has the function of its command; of a runner Salt says which kind it is, too.
  AND ($4::text IS NULL OR (r.fun = $4 AND c.fun IN ($4, regexp_replace($4, '^(runner|wheel)[.]', ''))))
  AND ($5::text IS NULL OR c.user_name = $5)
  AND ($6::text IS NULL OR position($6 IN r.fun_args::text) > 0)
  AND ($7::boolean IS NULL OR c.is_highstate = $7)
  AND ($8::text IS NULL OR r.jid >= $8)
  AND ($9::text IS NULL OR r.jid <= $9)
  AND ($10::boolean IS NULL OR NOT (r.success AND r.retcode = 0) = $10)
  AND ($11::text IS NULL OR r.cluster_id = $11)
  AND ($12::text[] IS NULL OR (r.cluster_id, r.minion_id) IN (SELECT * FROM unnest($12::text[], $13::text[])))
  AND ($14::uuid IS NULL OR c.job_uuid = $14)
  AND ($15::text IS NULL OR c.job_name = $15)
  AND ($16::uuid IS NULL OR c.tgt_uuid = $16)
  AND ($17::text IS NULL OR c.tgt_name = $17)
ORDER BY r.jid DESC, r.minion_id
LIMIT $18::bigint OFFSET $19::bigint
) r
LEFT JOIN body b ON r.json IS NULL AND b.day = r.day AND b.hash = r.body_hash
ORDER BY r.jid DESC, r.minion_id
