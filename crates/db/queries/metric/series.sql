-- $1 metrics, $2 sources, $3 from, $4 to, $5 newest first
SELECT metric, source, array_agg(at ORDER BY CASE WHEN NOT $5::boolean THEN at END, CASE WHEN $5 THEN at END DESC) AS times,
       array_agg(value ORDER BY CASE WHEN NOT $5 THEN at END, CASE WHEN $5 THEN at END DESC) AS values
FROM metric_sample
WHERE ($1::text[] IS NULL OR metric = ANY($1)) AND ($2::text[] IS NULL OR source = ANY($2)) AND at >= $3 AND at <= $4
GROUP BY metric, source
ORDER BY metric, source
