-- Minions were expected through masters that are gone: they are looked at now, and asked elsewhere.
UPDATE outcome o SET deadline = $2
FROM command c
WHERE o.master_uuid = ANY($1::uuid[]) AND o.state IN ('delivered', 'running') AND o.deadline > $2
  AND c.jid = o.jid AND c.cmd = 'local'
