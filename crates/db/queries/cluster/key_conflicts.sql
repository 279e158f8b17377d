-- Minion ids for which the masters of a cluster accepted different keys: how many, and some of them with their fingerprints.
WITH torn AS (
    SELECT l.cluster_id, l.minion_id,
           array_agg(ma.master_id || ' has ' || l.fingerprint ORDER BY ma.master_id) AS held
    FROM link l JOIN master ma USING (master_uuid)
    WHERE l.cluster_id = ANY($1::text[]) AND l.key_state = 'accepted' AND l.fingerprint IS NOT NULL
    GROUP BY l.cluster_id, l.minion_id
    HAVING count(DISTINCT l.fingerprint) > 1
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY cluster_id ORDER BY minion_id) AS rank,
           count(*) OVER (PARTITION BY cluster_id) AS count
    FROM torn
)
SELECT cluster_id, minion_id, held, count FROM ranked WHERE rank <= 3 ORDER BY cluster_id, rank
