-- Minions whose keys nobody spreads until an operator decides: how many, and some of them.
WITH ranked AS (
    SELECT cluster_id, minion_id, suspended_why, suspended_at,
           row_number() OVER (PARTITION BY cluster_id ORDER BY suspended_at DESC, minion_id) AS rank,
           count(*) OVER (PARTITION BY cluster_id) AS count
    FROM minion_key WHERE cluster_id = ANY($1::text[]) AND suspended_at IS NOT NULL
)
SELECT cluster_id, minion_id, suspended_why, count FROM ranked WHERE rank <= 3 ORDER BY cluster_id, rank
