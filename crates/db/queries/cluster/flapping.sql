-- Minions that moved at least $3 times since $2: how many, and some of them with the number of their moves.
WITH flapping AS (
    SELECT m.cluster_id, m.minion_id, (SELECT count(*) FROM unnest(m.moved_at) AS at WHERE at >= $2) AS moves
    FROM minion m
    WHERE m.cluster_id = ANY($1::text[]) AND m.moved_at <> '{}' AND m.moved_at[$3::integer] >= $2
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY cluster_id ORDER BY moves DESC, minion_id) AS rank,
           count(*) OVER (PARTITION BY cluster_id) AS count
    FROM flapping
)
SELECT cluster_id, minion_id, moves, count FROM ranked WHERE rank <= 3 ORDER BY cluster_id, rank
