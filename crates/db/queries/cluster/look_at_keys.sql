-- The keys of these clusters are to be compared then, where anything was decided about them.
UPDATE cluster c SET keys_look_at = $2
WHERE c.cluster_id = ANY($1::text[]) AND (c.keys_look_at IS NULL OR c.keys_look_at > $2)
  AND EXISTS (SELECT FROM minion_key k WHERE k.cluster_id = c.cluster_id)
