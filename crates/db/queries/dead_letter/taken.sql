DELETE FROM dead_letter WHERE dead_letter_id = ANY($1::bigint[])
