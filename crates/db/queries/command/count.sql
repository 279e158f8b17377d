-- How many commands a search finds, up to a bound: history has no exact count of everything.
SELECT count(*) FROM (
SELECT 1 FROM command c
WHERE ($1::text IS NULL OR c.jid = $1)
  AND ($2::timestamptz IS NULL OR c.created_at >= $2)
  AND ($3::timestamptz IS NULL OR c.created_at <= $3)
  AND ($4::text IS NULL OR $4 = ANY(c.masters_to))
  AND ($5::text IS NULL OR (c.state = $5) <> $6::boolean)
  AND ($7::text IS NULL OR c.fun = $7)
  AND ($8::boolean IS NULL OR c.is_highstate = $8)
  AND ($9::text IS NULL OR c.cmd = $9)
  AND ($10::text[] IS NULL OR c.user_name = ANY($10))
  AND ($11::text IS NULL OR (c.origination = 'Ad-Hoc') = ($11 = 'adhoc'))
  AND (NOT $12::boolean OR c.fun <> 'saltutil.find_job')
  AND (NOT $13::boolean OR c.fun <> 'saltutil.refresh_grains')
  AND ($14::text IS NULL OR $14 = ANY(c.clusters))
  AND ($15::uuid IS NULL OR c.job_uuid = $15)
  AND ($16::text[] IS NULL OR c.job_name = ANY($16))
  AND ($17::uuid IS NULL OR c.tgt_uuid = $17)
  AND ($18::text[] IS NULL OR c.tgt_name = ANY($18))
  AND ($19::uuid IS NULL OR c.sched_uuid = $19)
  AND ($20::text[] IS NULL OR c.sched_name = ANY($20))
  AND ($21::text[] IS NULL
       OR EXISTS (SELECT FROM outcome o JOIN unnest($21::text[], $22::text[]) AS own(cluster_id, minion_id)
                      USING (cluster_id, minion_id)
                  WHERE o.day = c.day AND o.jid = c.jid))
LIMIT $23::bigint
) c
