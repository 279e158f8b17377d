-- The key accepted before for this id, and this key under another id, both give way to what is accepted now.
UPDATE master_key SET state = 'rejected', changed_at = $3,
       reason = CASE WHEN master_id = $1 THEN 'replaced: an operator accepted the key ' || $2::text || ' for this master'
                     ELSE 'replaced: an operator accepted this key for master ' || $1::text END
WHERE state = 'accepted' AND ((master_id = $1 AND fingerprint <> $2) OR (master_id <> $1 AND fingerprint = $2))
RETURNING master_id, fingerprint
