-- Changes that masters which are there ($2) refused, or that are not seen there though they were asked for before $3: how
-- many, and some of them.
WITH stuck AS (
    SELECT c.cluster_id, c.minion_id, ma.master_id, c.action, c.error,
           row_number() OVER (PARTITION BY c.cluster_id ORDER BY c.error IS NULL, c.since, c.minion_id, ma.master_id) AS rank,
           count(*) OVER (PARTITION BY c.cluster_id) AS count
    FROM key_change c JOIN master ma USING (master_uuid) JOIN minion_key k ON k.cluster_id = c.cluster_id AND k.minion_id = c.minion_id
    WHERE c.cluster_id = ANY($1::text[]) AND c.master_uuid = ANY($2::uuid[]) AND k.suspended_at IS NULL
      AND (c.error IS NOT NULL OR c.since < $3)
)
SELECT cluster_id, minion_id, master_id, action, error, count FROM stuck WHERE rank <= 3 ORDER BY cluster_id, rank
