-- How many returns a search finds that asks nothing of the returns themselves, up to a bound: the counters of their commands tell.
SELECT LEAST(COALESCE(sum(n), 0), $11::bigint)::bigint
FROM (
    SELECT n FROM command c
    CROSS JOIN LATERAL (SELECT CASE WHEN $6::boolean IS NULL THEN c.returned_good + c.returned_failed
                                    WHEN $6 THEN c.returned_failed ELSE c.returned_good END AS n) AS k
    WHERE n > 0
      AND ($1::text IS NULL OR c.jid = $1)
      AND ($2::text IS NULL OR c.user_name = $2)
      AND ($3::boolean IS NULL OR c.is_highstate = $3)
      AND ($4::text IS NULL OR c.jid >= $4)
      AND ($5::text IS NULL OR c.jid <= $5)
      AND ($7::uuid IS NULL OR c.job_uuid = $7)
      AND ($8::text IS NULL OR c.job_name = $8)
      AND ($9::uuid IS NULL OR c.tgt_uuid = $9)
      AND ($10::text IS NULL OR c.tgt_name = $10)
    -- Each has one at least: any of them that are so many are enough.
    LIMIT $11
) AS some_of_them
