-- What is worked in.
DELETE FROM target_todo WHERE n = ANY($1::bigint[])
