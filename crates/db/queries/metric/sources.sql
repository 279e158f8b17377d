SELECT source FROM metric_now WHERE metric = $1
UNION
SELECT DISTINCT source FROM metric_sample WHERE metric = $1
ORDER BY source
