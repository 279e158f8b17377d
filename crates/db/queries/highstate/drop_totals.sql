-- Totals of minions, which are made anew.
DELETE FROM highstate_total WHERE cluster_id = $1 AND minion_id = ANY($2::text[])
