-- Sources that are gone.
DELETE FROM metric_now WHERE at < $1
