-- A cluster without masters ends, and its minions with it.
DELETE FROM cluster c WHERE c.cluster_id = $1 AND NOT EXISTS (SELECT FROM master m WHERE m.cluster_id = c.cluster_id)
