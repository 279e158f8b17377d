-- $1 ids, $2 master id pattern, $3 kind.
DELETE FROM dead_letter
WHERE dead_letter_id IN (
    SELECT d.dead_letter_id
    FROM dead_letter d LEFT JOIN master m USING (master_uuid)
    WHERE ($1::bigint[] IS NULL OR d.dead_letter_id = ANY($1))
      AND ($2::text IS NULL OR m.master_id LIKE $2)
      AND ($3::text IS NULL OR d.kind = $3)
)
