-- $1 superuser, $2 account, $3 its roles, $4 schedule, $5 names of schedules, $6 of jobs, $7 of groups, $8 function, $9 kind,
-- $10 paused, $11 also of no schedule, $12 without saltutil.find_job, $13 from, $14 to, $15 sort by, $16 reverse, $17 limit, $18 offset,
-- $19, $20 the minions of a limited viewer.
WITH found AS (
    SELECT c.jid, c.state, c.created_at, c.cmd, c.fun, c.tgt_name, c.job_name, c.sched_uuid, c.sched_name, c.user_name, c.expected,
           c.returned_good + c.returned_failed AS returned
    FROM command c
    LEFT JOIN schedule s ON s.sched_uuid = c.sched_uuid
    WHERE c.ended_at IS NULL
      AND CASE WHEN c.sched_uuid IS NULL THEN $11::boolean
               ELSE saved_rights(c.sched_uuid, s.owner_uuid, $1::boolean, $2::uuid, $3::text[]) && '{read,discover}' END
      AND ($4::uuid IS NULL OR c.sched_uuid = $4)
      AND ($5::text[] IS NULL OR c.sched_name = ANY($5))
      AND ($6::text[] IS NULL OR c.job_name = ANY($6))
      AND ($7::text[] IS NULL OR c.tgt_name = ANY($7))
      AND ($8::text IS NULL OR c.fun = $8)
      AND ($9::text IS NULL OR c.cmd = $9)
      AND ($10::boolean IS NULL OR (c.state IN ('pausing', 'paused')) = $10)
      AND (NOT $12::boolean OR c.fun <> 'saltutil.find_job')
      AND ($13::timestamptz IS NULL OR c.created_at >= $13)
      AND ($14::timestamptz IS NULL OR c.created_at <= $14)
      AND ($19::text[] IS NULL OR c.user_uuid = $2
           OR EXISTS (SELECT FROM outcome o JOIN unnest($19::text[], $20::text[]) AS own(cluster_id, minion_id) USING (cluster_id, minion_id)
                      WHERE o.day = c.day AND o.jid = c.jid))
), keyed AS (
    SELECT *, CASE $15::text WHEN 'expected' THEN expected WHEN 'returned' THEN returned END AS number_key,
           CASE $15 WHEN 'state' THEN state WHEN 'cmd' THEN cmd WHEN 'fun' THEN fun WHEN 'tgt_name' THEN tgt_name
                    WHEN 'job_name' THEN job_name WHEN 'sched_name' THEN sched_name WHEN 'user' THEN user_name
                    ELSE jid END COLLATE "C" AS sort_key
    FROM found
), ordered AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $16::boolean THEN number_key END, CASE WHEN $16 THEN number_key END DESC,
                                          CASE WHEN NOT $16 THEN sort_key END, CASE WHEN $16 THEN sort_key END DESC NULLS LAST, jid) AS place
    FROM keyed
), page AS (
    SELECT * FROM ordered ORDER BY place LIMIT $17::bigint OFFSET $18::bigint
)
SELECT (SELECT count(*) FROM found) AS count, p.*
FROM (SELECT) AS always LEFT JOIN page p ON true
ORDER BY p.place
