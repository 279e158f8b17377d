-- What is known of a cluster's name, apart from one master: its kind and the accepted masters in it.
SELECT c.kind,
       (SELECT min(m.master_id) FROM master m
        JOIN master_key k ON k.master_id = m.master_id AND k.fingerprint = m.fingerprint AND k.state = 'accepted'
        WHERE m.cluster_id = c.cluster_id AND m.master_id <> $2) AS other_master
FROM cluster c WHERE c.cluster_id = $1
