-- Before a master's new key lists are taken: keys that stood there as they were decided about, and do not any more, though
-- nobody of us is changing them there. Somebody used salt-key; nothing is spread against that until an operator decides.
WITH told AS (
    SELECT * FROM unnest($3::text[], $4::text[], $5::text[]) AS t(minion_id, key_state, fingerprint)
), changed AS (
    SELECT k.minion_id,
           CASE WHEN t.minion_id IS NULL THEN 'deleted'
                WHEN t.fingerprint IS DISTINCT FROM k.fingerprint THEN 'replaced by another key'
                ELSE t.key_state END AS what
    FROM minion_key k
    JOIN link l ON l.cluster_id = k.cluster_id AND l.minion_id = k.minion_id AND l.master_uuid = $2
    LEFT JOIN told t ON t.minion_id = k.minion_id
    WHERE k.cluster_id = $1 AND k.suspended_at IS NULL AND l.fingerprint = k.fingerprint
      AND CASE k.desired
              WHEN 'accepted' THEN
                  (l.key_state = 'accepted' AND (t.key_state, t.fingerprint) IS DISTINCT FROM ('accepted', k.fingerprint))
                  OR (l.key_state = 'pending' AND (t.key_state, t.fingerprint) = ('rejected', k.fingerprint))
              WHEN 'rejected' THEN
                  l.key_state = 'rejected' AND (t.minion_id IS NULL OR (t.key_state, t.fingerprint) = ('accepted', k.fingerprint))
              ELSE false END
      AND NOT EXISTS (SELECT FROM key_change c
                      WHERE c.cluster_id = k.cluster_id AND c.minion_id = k.minion_id AND c.master_uuid = $2 AND c.done_at IS NULL)
    ORDER BY k.minion_id
    FOR NO KEY UPDATE OF k
)
UPDATE minion_key k
SET suspended_at = $6,
    suspended_why = format('its key was %s on master "%s" by other hands than raas (as salt-key)', c.what, $7::text)
FROM changed c
WHERE k.cluster_id = $1 AND k.minion_id = c.minion_id
RETURNING k.minion_id
