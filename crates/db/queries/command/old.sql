-- What history of days before $1 amounts to, by the commands' own counters: nothing is counted row by row.
SELECT count(*) FILTER (WHERE source = 'raas') AS commands, COALESCE(sum(expected), 0)::bigint AS expected,
       COALESCE(sum(returned_good + returned_failed), 0)::bigint AS returned, count(*) AS jids
FROM command
WHERE day < $1
