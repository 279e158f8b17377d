-- Grains go; the minions stay. $1 master or cluster, $2 minion
UPDATE minion m SET grains = NULL, grains_at = NULL
WHERE m.grains IS NOT NULL
  AND ($1::text IS NULL OR m.cluster_id = $1
       OR m.seen_by = (SELECT ma.master_uuid FROM master ma WHERE ma.master_id = $1))
  AND ($2::text IS NULL OR m.minion_id = $2)
