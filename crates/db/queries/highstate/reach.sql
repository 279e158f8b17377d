-- How many of the runs that still count these filters let through, how many are young enough, how many there are, and the oldest. $1 dry runs,
-- $2 no older than, $3 saltenv, $4 jid
SELECT count(*) FILTER (WHERE young AND ($3::text IS NULL OR position($3 IN saltenv) > 0) AND ($4::text IS NULL OR position($4 IN jid) > 0))
           AS through,
       count(*) FILTER (WHERE young) AS young, count(*) AS runs, min(jid) AS oldest
FROM (SELECT saltenv, jid, $2::timestamptz IS NULL OR returned_at >= $2 AS young FROM highstate_total WHERE test = $1::boolean) t
