-- Nothing more will be published for these commands: what is still queued is looked at now.
UPDATE outcome o SET deadline = $2
FROM command c
WHERE c.jid = ANY($1::text[]) AND o.day = c.day AND o.cluster_id = ANY(c.clusters) AND o.jid = c.jid AND o.state = 'queued' AND o.deadline > $2
  AND NOT EXISTS (SELECT FROM delivery v WHERE v.jid = c.jid AND v.work IN ('publish', 'run')
                      AND v.state IN ('queued', 'leased', 'claimed', 'started'))
