-- What is worked in.
DELETE FROM highstate_todo WHERE n = ANY($1::bigint[])
