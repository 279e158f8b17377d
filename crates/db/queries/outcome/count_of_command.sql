-- How many outcomes a command has, by its own counters. $2 bad returns only, or good ones only, $3 returned ones only, or silent ones only
SELECT CASE WHEN NOT $3::boolean AND $2::boolean IS NOT NULL THEN 0
            WHEN $2 THEN returned_failed
            WHEN NOT $2 THEN returned_good
            WHEN $3 THEN returned_good + returned_failed
            WHEN NOT $3 THEN expected - returned_good - returned_failed
            ELSE expected END
FROM command WHERE jid = $1
