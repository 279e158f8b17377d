-- Of one day: the newest return of each of these minions, with the place of the minion among them.
SELECT i.place, r.jid, r.fun, r.fun_args::text AS fun_args, r.success, r.retcode, r.alter_time
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i(cluster_id, minion_id, place)
CROSS JOIN LATERAL (
    SELECT jid, fun, fun_args, success, retcode, alter_time FROM ret
    WHERE day = $1 AND minion_id = i.minion_id AND cluster_id = i.cluster_id
    ORDER BY jid DESC
    LIMIT 1
) r
