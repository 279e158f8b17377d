-- Commands by filter. The ORDER BY line is replaced by another of a closed list.
SELECT c.jid, c.cmd, c.fun, c.arg::text AS arg, c.tgt::text AS tgt, c.clusters, c.user_name, c.user_uuid, c.source,
       c.origination, c.is_highstate, c.created_at, c.state, c.expected, c.returned_good, c.returned_failed,
       c.ended_at, c.masters_to, c.masters_done, c.warnings
FROM command c
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
ORDER BY c.created_at DESC, c.jid DESC
LIMIT $15::bigint OFFSET $16::bigint
