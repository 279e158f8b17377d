-- The days under which the history of these commands stands.
SELECT DISTINCT day FROM command WHERE jid = ANY($1::text[])
