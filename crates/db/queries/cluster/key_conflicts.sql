-- Minion ids for which the masters of a cluster hold different keys: accepted ones, or another than the one that was accepted
-- for the cluster. How many, and some of them with their fingerprints.
WITH told AS (
    SELECT l.cluster_id, l.minion_id, l.key_state, l.fingerprint, ma.master_id,
           k.fingerprint AS desired
    FROM link l JOIN master ma USING (master_uuid)
    LEFT JOIN minion_key k ON k.cluster_id = l.cluster_id AND k.minion_id = l.minion_id AND k.desired = 'accepted'
    WHERE l.cluster_id = ANY($1::text[]) AND l.fingerprint IS NOT NULL
      AND (l.key_state = 'accepted' OR k.fingerprint <> l.fingerprint AND l.key_state IN ('pending', 'rejected'))
), torn AS (
    SELECT t.cluster_id, t.minion_id, max(t.desired) AS desired,
           array_agg(t.master_id || ' has ' || t.fingerprint || CASE WHEN t.key_state = 'accepted' THEN '' ELSE ' (' || t.key_state || ')' END
                     ORDER BY t.master_id) AS held
    FROM told t
    GROUP BY t.cluster_id, t.minion_id
    HAVING count(DISTINCT t.fingerprint) > 1 OR bool_or(t.desired <> t.fingerprint)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY cluster_id ORDER BY minion_id) AS rank,
           count(*) OVER (PARTITION BY cluster_id) AS count
    FROM torn
)
SELECT cluster_id, minion_id, held, desired, count FROM ranked WHERE rank <= 3 ORDER BY cluster_id, rank
