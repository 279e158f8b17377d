-- How many returns of one minion, or of a few, a search finds, up to a bound: history has no exact count of everything.
SELECT count(*) FROM (
SELECT 1
FROM ret r
JOIN command c ON c.jid = r.jid AND c.day = r.day AND r.cluster_id = ANY(c.clusters)
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
  AND ($13::text[] IS NULL OR r.minion_id = ANY($13))
  AND ($12::text[] IS NULL OR (r.cluster_id, r.minion_id) IN (SELECT * FROM unnest($12::text[], $13::text[])))
  AND ($14::uuid IS NULL OR c.job_uuid = $14)
  AND ($15::text IS NULL OR c.job_name = $15)
  AND ($16::uuid IS NULL OR c.tgt_uuid = $16)
  AND ($17::text IS NULL OR c.tgt_name = $17)
LIMIT $18::bigint
) r
