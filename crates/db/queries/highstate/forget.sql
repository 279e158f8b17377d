-- Of minions that are not there any more. Their days stay.
WITH m AS (DELETE FROM highstate_minion WHERE cluster_id = $1 AND minion_id = ANY($2::text[])),
     t AS (DELETE FROM highstate_total WHERE cluster_id = $1 AND minion_id = ANY($2))
DELETE FROM highstate_row WHERE cluster_id = $1 AND minion_id = ANY($2)
