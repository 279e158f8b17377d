-- Minion ids for which the masters of a cluster hold different keys: accepted ones, or another than the one that was accepted
-- for the cluster. How many, and some of them with their fingerprints.
WITH told AS NOT MATERIALIZED (
    SELECT l.cluster_id, l.minion_id, l.master_uuid, l.key_state, l.fingerprint, k.fingerprint AS desired
    FROM minion m
    JOIN link l ON l.cluster_id = m.cluster_id AND l.minion_id = m.minion_id
    LEFT JOIN minion_key k ON k.cluster_id = l.cluster_id AND k.minion_id = l.minion_id AND k.desired = 'accepted'
    WHERE m.cluster_id = ANY($1::text[]) AND m.differing AND l.fingerprint IS NOT NULL
      AND (l.key_state = 'accepted' OR k.fingerprint <> l.fingerprint AND l.key_state IN ('pending', 'rejected'))
), torn AS (
    -- Of every minion only this is worked out; the words are for the few that are shown.
    SELECT t.cluster_id, t.minion_id, max(t.desired) AS desired
    FROM told t
    GROUP BY t.cluster_id, t.minion_id
    HAVING min(t.fingerprint) <> max(t.fingerprint) OR bool_or(t.desired <> t.fingerprint)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY cluster_id ORDER BY minion_id) AS rank,
           count(*) OVER (PARTITION BY cluster_id) AS count
    FROM torn
)
SELECT r.cluster_id, r.minion_id, r.desired, r.count,
       (SELECT array_agg(ma.master_id || ' has ' || t.fingerprint || CASE WHEN t.key_state = 'accepted' THEN '' ELSE ' (' || t.key_state || ')' END
                         ORDER BY ma.master_id)
        FROM told t JOIN master ma USING (master_uuid)
        WHERE t.cluster_id = r.cluster_id AND t.minion_id = r.minion_id) AS held
FROM ranked r WHERE r.rank <= 3 ORDER BY r.cluster_id, r.rank
