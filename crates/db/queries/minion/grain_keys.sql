-- Names of grains, each once. $1 master or cluster, $2 minion pattern. Minions with the same names have the same shape: of each
-- shape one minion is read.
WITH one AS (
    SELECT m.cluster_id, min(m.minion_id) AS minion_id
    FROM known_minion m
    WHERE m.shape IS NOT NULL
      AND ($1::text IS NULL OR m.cluster_id = $1 OR m.seen_by = (SELECT by.master_uuid FROM master by WHERE by.master_id = $1))
      AND ($2::text IS NULL OR m.minion_id LIKE $2)
      AND ($3::text[] IS NULL OR (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest($3::text[], $4::text[])))
      AND ($5::integer IS NULL OR
           m.accepted > 0 AND (m.cluster_id, m.minion_id) IN (SELECT t.cluster_id, t.minion_id FROM target_member t WHERE t.group_no = $5))
    GROUP BY m.shape, m.cluster_id
)
SELECT DISTINCT k.key
FROM one JOIN minion m USING (cluster_id, minion_id)
CROSS JOIN LATERAL jsonb_object_keys(m.grains) AS k(key)
ORDER BY k.key
