DELETE FROM metric_sample WHERE at < $1
