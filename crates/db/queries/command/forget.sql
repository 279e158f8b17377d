-- Commands whose history is gone.
DELETE FROM command WHERE jid IN (SELECT jid FROM command WHERE day < $1 ORDER BY day, jid LIMIT $2)
