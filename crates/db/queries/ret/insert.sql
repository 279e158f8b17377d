-- Returns that came again. The first one decides, but a whole one takes the place of one that Salt had cut.
INSERT INTO ret (day, cluster_id, jid, minion_id, master_uuid, fun, fun_args, success, retcode, stamp, alter_time,
                 body_hash, extra, source, trimmed)
SELECT r.day, $1, r.jid, r.minion_id, $2, r.fun, r.fun_args::json, r.success, r.retcode, r.stamp, $3,
       r.hash, r.extra::json, r.source, r.trimmed
FROM unnest($4::date[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::bigint[], $11::timestamptz[],
            $12::bytea[], $13::text[], $14::text[], $15::boolean[])
     AS r(day, jid, minion_id, fun, fun_args, success, retcode, stamp, hash, extra, source, trimmed)
ORDER BY r.day, r.jid, r.minion_id
ON CONFLICT (day, cluster_id, jid, minion_id) DO UPDATE
SET body_hash = EXCLUDED.body_hash, json = CASE WHEN ret.body_hash = EXCLUDED.body_hash THEN ret.json END, trimmed = false,
    source = EXCLUDED.source, alter_time = EXCLUDED.alter_time
WHERE ret.trimmed AND NOT EXCLUDED.trimmed
