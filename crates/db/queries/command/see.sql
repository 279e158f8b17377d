-- Jobs that somebody else published, as seen on a master. A job first known from a return learns the rest here.
INSERT INTO command (jid, day, cmd, fun, arg, tgt, clusters, user_name, source, is_highstate, created_at, timeout_ms, state)
SELECT j.jid, $1, 'local', j.fun, j.arg::json, j.tgt::json, ARRAY[$2::text], j.user_name, 'salt', j.is_highstate, $3, $4, 'retrieved'
FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[])
     AS j(jid, fun, arg, tgt, user_name, is_highstate)
ORDER BY j.jid
ON CONFLICT (jid) DO UPDATE
SET arg = CASE WHEN command.user_name = '' THEN EXCLUDED.arg ELSE command.arg END,
    tgt = CASE WHEN command.user_name = '' THEN EXCLUDED.tgt ELSE command.tgt END,
    user_name = CASE WHEN command.user_name = '' THEN EXCLUDED.user_name ELSE command.user_name END,
    clusters = CASE WHEN $2 = ANY(command.clusters) THEN command.clusters ELSE command.clusters || $2 END
WHERE command.source = 'salt' AND (command.user_name = '' OR NOT $2 = ANY(command.clusters))
