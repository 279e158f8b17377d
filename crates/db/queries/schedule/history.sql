-- $1 superuser, $2 account, $3 its roles, $4 schedule, $5 text pattern, $6 also in names, $7 also in positional arguments, $8 also in
-- keyword arguments, $9 kind, $10 function, $11 pattern of a master, $12 target pattern, $13 from, $14 to, $15 limit, $16 offset,
-- $17, $18 the minions of a limited viewer: runs that reached none of them are not theirs to see; $19 how far is counted.
-- Schedules that are gone are history for who may do everything.
WITH mine AS MATERIALIZED (
    SELECT s.sched_uuid, saved_rights(s.sched_uuid, s.owner_uuid, $1::boolean, $2::uuid, $3::text[]) AS rights FROM schedule s
), found AS NOT MATERIALIZED (
    SELECT r.* FROM schedule_run r
    WHERE ($4::uuid IS NULL OR r.sched_uuid = $4)
      AND ($13::timestamptz IS NULL OR r.planned_at >= $13)
      AND ($14::timestamptz IS NULL OR r.planned_at <= $14)
      AND ($9::text IS NULL OR r.cmd = $9)
      AND ($10::text IS NULL OR r.fun = $10)
      -- Texts are looked for once in all runs that say the same.
      AND ($5::text IS NULL AND $11::text IS NULL AND $12::text IS NULL
           OR r.what IN (SELECT w.what FROM schedule_what w
                         WHERE ($5 IS NULL OR w.cmd ILIKE $5 OR w.fun ILIKE $5 OR ($6::boolean AND w.sched_name ILIKE $5)
                                OR ($7::boolean AND (w.arg -> 'arg')::text ILIKE $5) OR ($8::boolean AND (w.arg -> 'kwarg')::text ILIKE $5))
                           AND ($11 IS NULL OR EXISTS (SELECT FROM unnest(w.masters) AS master WHERE master LIKE $11))
                           AND ($12 IS NULL OR w.tgt::text ILIKE $12 OR w.tgt_name ILIKE $12)))
      AND ($17::text[] IS NULL OR r.jid IS NULL
           OR EXISTS (SELECT FROM command c
                      WHERE c.jid = r.jid
                        AND (c.user_uuid = $2
                             OR EXISTS (SELECT FROM outcome o JOIN unnest($17::text[], $18::text[]) AS own(cluster_id, minion_id) USING (cluster_id, minion_id)
                               WHERE o.day = c.day AND o.jid = c.jid))))
      -- Whose a run is follows from its schedule, and is worked out once for each.
      AND (r.sched_uuid IN (SELECT m.sched_uuid FROM mine m WHERE m.rights && '{read,discover}')
           OR r.sched_uuid NOT IN (SELECT s.sched_uuid FROM schedule s)
              AND saved_rights(r.sched_uuid, NULL, $1, $2, $3) && '{read,discover}')
), page AS (
    SELECT *, row_number() OVER () AS place
    FROM (SELECT * FROM found ORDER BY planned_at DESC, sched_uuid LIMIT $15::bigint OFFSET $16::bigint) AS sorted
)
-- A page that is not full is the last one: then nothing is counted.
SELECT CASE WHEN n.rows IS DISTINCT FROM $15 AND (n.rows > 0 OR $16 = 0) THEN $16 + n.rows
            ELSE (SELECT count(*) FROM (SELECT FROM found LIMIT $19::bigint) AS counted) END AS count,
       p.sched_uuid, p.sched_name, COALESCE(m.rights, saved_rights(p.sched_uuid, NULL, $1, $2, $3)) AS rights, p.planned_at, p.fired_at,
       p.state, p.reason, p.jid, p.fun, p.job_name, p.tgt_name
FROM (SELECT count(*) AS rows FROM page) AS n LEFT JOIN page p ON true LEFT JOIN mine m ON m.sched_uuid = p.sched_uuid
ORDER BY p.place
