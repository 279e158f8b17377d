-- $1 superuser, $2 account, $3 its roles, $4 schedule, $5 names, $6 also expired, $7 text pattern, $8 also in positional arguments,
-- $9 also in keyword arguments, $10 kind, $11 function, $12 masters, $13 target pattern, $14 states of the last command, $15 enabled,
-- $16 names of jobs, $17 names of groups, $18 expired, $19 sort by, $20 reverse, $21 limit, $22 offset, $23 numbers.
WITH known AS (
    SELECT s.sched_uuid, s.number, s.name, s.function, s.schedule, s.enabled, s.job_uuid, s.arg, s.tgt_uuid, s.tgt, s.owner_uuid,
           s.changed_at, s.next_at, s.last_at, COALESCE(j.cmd, s.cmd, 'local') AS cmd, COALESCE(j.fun, s.fun) AS fun,
           COALESCE(s.masters, j.masters) AS masters, j.name AS job_name, t.name AS tgt_name, s.enabled AND s.next_at IS NULL AS expired,
           (SELECT c.state FROM command c WHERE c.sched_uuid = s.sched_uuid ORDER BY c.created_at DESC LIMIT 1) AS status,
           saved_rights(s.sched_uuid, s.owner_uuid, $1::boolean, $2::uuid, $3::text[]) AS rights
    FROM schedule s
    LEFT JOIN job j ON j.job_uuid = s.job_uuid
    LEFT JOIN target_group t ON t.tgt_uuid = COALESCE(s.tgt_uuid, CASE WHEN s.tgt IS NULL THEN j.tgt_uuid END)
    WHERE ($4::uuid IS NULL OR s.sched_uuid = $4)
      AND ($5::text[] IS NULL OR s.name = ANY($5))
      AND ($15::boolean IS NULL OR s.enabled = $15)
      AND ($23::bigint[] IS NULL OR s.number = ANY($23))
), visible AS (
    SELECT *, CASE $19::text
                  WHEN 'cmd' THEN cmd WHEN 'fun' THEN fun WHEN 'tgt_name' THEN tgt_name WHEN 'job_name' THEN job_name
                  WHEN 'next_fire_time' THEN to_char(next_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
                  WHEN 'last_fire_time' THEN to_char(last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
                  WHEN 'status' THEN status ELSE name END COLLATE "C" AS sort_key
    FROM known
    WHERE rights && '{read,discover}'
      AND ($6::boolean OR $18::boolean IS TRUE OR NOT expired)
      AND ($18 IS NULL OR expired = $18)
      AND ($7::text IS NULL OR cmd ILIKE $7 OR fun ILIKE $7 OR ($8::boolean AND (arg -> 'arg')::text ILIKE $7)
           OR ($9::boolean AND (arg -> 'kwarg')::text ILIKE $7))
      AND ($10::text IS NULL OR cmd = $10)
      AND ($11::text IS NULL OR fun = $11)
      AND ($12::text[] IS NULL OR masters && $12)
      AND ($13::text IS NULL OR tgt::text ILIKE $13 OR tgt_name ILIKE $13)
      AND ($14::text[] IS NULL OR status = ANY($14))
      AND ($16::text[] IS NULL OR job_name = ANY($16))
      AND ($17::text[] IS NULL OR tgt_name = ANY($17))
), ordered AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $20::boolean THEN sort_key END, CASE WHEN $20 THEN sort_key END DESC NULLS LAST,
                                          name COLLATE "C") AS place
    FROM visible
), page AS (
    SELECT * FROM ordered ORDER BY place LIMIT $21::bigint OFFSET $22::bigint
)
SELECT (SELECT count(*) FROM visible) AS count, p.sched_uuid, p.number, p.name, p.function, p.schedule::text AS schedule, p.enabled,
       p.expired, p.job_uuid, p.job_name, p.cmd, p.fun, p.arg::text AS arg, p.masters, p.tgt_uuid, p.tgt_name, p.tgt::text AS tgt,
       p.changed_at, p.next_at, p.last_at, p.status, p.rights, p.owner_uuid, o.username, o.config_name,
       saved_access_of(p.sched_uuid) AS access
FROM (SELECT) AS always LEFT JOIN page p ON true LEFT JOIN account o ON o.account_uuid = p.owner_uuid
ORDER BY p.place
