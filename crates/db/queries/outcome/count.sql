-- How many outcomes of one command a search finds in all.
SELECT count(*)
FROM outcome o
WHERE o.day = $2 AND o.cluster_id = ANY($3::text[]) AND o.jid = $1
  AND ($4::text IS NULL OR o.minion_id = $4)
  AND ($5::text IS NULL OR position($5 IN o.minion_id) > 0)
  AND ($6::text IS NULL
       OR o.master_uuid IN (SELECT named.master_uuid FROM master named WHERE position($6 IN named.master_id) > 0))
  AND ($7::boolean IS NULL OR o.state = CASE WHEN $7 THEN 'failed' ELSE 'succeeded' END)
  AND ($8::boolean IS NULL OR (o.state IN ('succeeded', 'failed')) = $8)
  AND ($9::text[] IS NULL OR (o.cluster_id, o.minion_id) IN (SELECT * FROM unnest($9::text[], $10::text[])))
