-- A master answered its delivery. The caller holds the rows.
UPDATE command SET masters_done = array_append(masters_done, $2)
WHERE jid = ANY($1::text[]) AND NOT $2 = ANY(masters_done)
