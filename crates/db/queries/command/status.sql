SELECT jid, state, expected, open, returned_good, returned_failed, ended_at IS NOT NULL AS done, resumed_at IS NOT NULL AS resumed
FROM command WHERE jid = ANY($1::text[])
ORDER BY jid
