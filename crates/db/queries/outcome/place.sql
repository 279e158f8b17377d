-- Where the outcomes of a command stand.
SELECT day, clusters FROM command WHERE jid = $1
