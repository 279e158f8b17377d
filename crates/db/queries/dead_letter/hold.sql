-- The next letters to try again, whole, up to a number and about a size; at least one. Held until the transaction ends.
WITH next AS (
    SELECT d.dead_letter_id,
           sum(octet_length(d.record)) OVER (ORDER BY d.dead_letter_id) - octet_length(d.record) AS before
    FROM dead_letter d LEFT JOIN master m USING (master_uuid)
    WHERE d.dead_letter_id > $1 AND d.dead_letter_id <= $2
      AND ($3::bigint[] IS NULL OR d.dead_letter_id = ANY($3))
      AND ($4::text IS NULL OR m.master_id LIKE $4)
      AND ($5::text IS NULL OR d.kind = $5)
    ORDER BY d.dead_letter_id
    LIMIT $6
)
SELECT d.dead_letter_id, d.master_uuid, d.record, d.clock_skew_ms
FROM dead_letter d
WHERE d.dead_letter_id IN (SELECT n.dead_letter_id FROM next n WHERE n.before <= $7::bigint)
ORDER BY d.dead_letter_id
FOR UPDATE OF d
