UPDATE cluster SET keys_look_at = $2 WHERE cluster_id = $1
