-- The newest $14 rows of a filter in another order than that of time: history as a whole is not sorted. The ORDER BY line is
-- replaced by another of a closed list.
SELECT a.audit_id, a.start_time, a.end_time, a.event_type, a.event_name, a.username, a.account_uuid, a.session_uuid,
       a.address, a.failed, a.event_data::text AS event_data, a.number
FROM (
SELECT * FROM audit a
WHERE ($1::uuid IS NULL OR a.account_uuid = $1)
  AND ($2::text IS NULL OR a.username = $2)
  AND ($3::uuid IS NULL OR a.session_uuid = $3)
  AND ($4::text IS NULL OR a.event_type = $4)
  AND ($5::text IS NULL OR a.event_name = $5)
  AND ($6::boolean IS NULL OR a.failed = $6)
  AND ($7::timestamptz IS NULL OR (a.start_time >= $7 AND a.day >= ($7 AT TIME ZONE 'UTC')::date))
  AND ($8::timestamptz IS NULL OR (a.start_time <= $8 AND a.day <= ($8 AT TIME ZONE 'UTC')::date))
  AND ($9::bigint IS NULL OR a.end_time - a.start_time >= $9 * interval '1 ms')
  AND ($10::bigint IS NULL OR a.end_time - a.start_time <= $10 * interval '1 ms')
  AND ($11::uuid IS NULL OR a.account_uuid = $11)
ORDER BY day DESC, start_time DESC, audit_id DESC
LIMIT $14::bigint
) a
ORDER BY a.day DESC, a.start_time DESC, a.audit_id DESC
LIMIT $12::bigint OFFSET $13::bigint
