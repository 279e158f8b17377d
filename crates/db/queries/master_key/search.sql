-- $1 state, $2 pattern of the master id, $3 pending keys last seen before it have expired, $4 sort by, $5 reverse
WITH found AS (
    SELECT master_id, fingerprint, public_key, state, reason, cluster_id, kind, facts::text AS facts, created_at, changed_at, last_seen_at, bound,
           CASE $4::text WHEN 'state' THEN state
                         WHEN 'created' THEN to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
                         ELSE master_id END COLLATE "C" AS sort_key
    FROM master_key
    WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR master_id LIKE $2)
      AND (state <> 'pending' OR last_seen_at >= $3)
)
SELECT * FROM found
ORDER BY CASE WHEN NOT $5::boolean THEN sort_key END, CASE WHEN $5 THEN sort_key END DESC, master_id, created_at DESC, fingerprint
