DELETE FROM master WHERE master_id = $1 RETURNING master_uuid, cluster_id
