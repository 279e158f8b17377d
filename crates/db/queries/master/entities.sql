-- Names that users give, of a master or a cluster, and the cluster each means. A cluster's own name wins.
SELECT DISTINCT ON (n.name) n.name, COALESCE(c.cluster_id, m.cluster_id) AS cluster_id
FROM unnest($1::text[]) AS n(name)
LEFT JOIN cluster c ON c.cluster_id = n.name
LEFT JOIN master m ON m.master_id = n.name
WHERE c.cluster_id IS NOT NULL OR m.cluster_id IS NOT NULL
