SELECT metric, source, value, counter FROM metric_now ORDER BY metric, source
