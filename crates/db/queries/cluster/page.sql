SELECT cluster_id, kind FROM cluster
WHERE ($1::text IS NULL OR cluster_id = $1) AND ($2::text IS NULL OR kind = $2)
ORDER BY cluster_id COLLATE "C"
LIMIT NULLIF($3::bigint, -1) OFFSET $4::bigint
