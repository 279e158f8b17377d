-- $1 state, $2 pattern of the master id, $3 pending keys last seen before it have expired, $4 sort by, $5 reverse
WITH found AS (
    SELECT k.master_id, fingerprint, k.public_key, k.state, k.reason, k.cluster_id, k.kind, k.facts::text AS facts,
           k.created_at, k.changed_at, k.bound,
           GREATEST(k.last_seen_at, m.last_call_at) AS last_seen_at, -- offered, or used
           CASE $4::text WHEN 'state' THEN k.state
                         WHEN 'created' THEN to_char(k.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
                         ELSE k.master_id END COLLATE "C" AS sort_key
    FROM master_key k
    LEFT JOIN master m USING (master_id, fingerprint)
    WHERE ($1::text IS NULL OR k.state = $1) AND ($2::text IS NULL OR k.master_id LIKE $2)
      AND (k.state <> 'pending' OR k.last_seen_at >= $3)
)
SELECT * FROM found
ORDER BY CASE WHEN NOT $5::boolean THEN sort_key END, CASE WHEN $5 THEN sort_key END DESC, master_id, created_at DESC, fingerprint
