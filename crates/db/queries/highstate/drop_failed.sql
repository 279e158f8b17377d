-- That a run could not be rendered is over with the next one that ran.
DELETE FROM highstate_row h
USING unnest($2::text[], $3::boolean[], $4::text[]) AS r(minion_id, test, jid)
WHERE h.cluster_id = $1 AND h.minion_id = r.minion_id AND h.test = r.test AND h.tag = md5('(the run itself)')::uuid AND h.jid < r.jid
