SELECT jid, master_id, state, cardinality(minions)::bigint AS minions, told_at
FROM command_track WHERE jid = ANY($1::text[])
ORDER BY jid, master_id
