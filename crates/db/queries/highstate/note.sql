-- Returns of runs of states, to be worked in later.
INSERT INTO highstate_todo (day, cluster_id, jid, minion_id)
SELECT r.day, $1, r.jid, r.minion_id FROM unnest($2::date[], $3::text[], $4::text[]) AS r(day, jid, minion_id)
