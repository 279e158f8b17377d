SELECT count(*) AS count FROM cluster WHERE ($1::text IS NULL OR cluster_id = $1) AND ($2::text IS NULL OR kind = $2)
