-- A command that was asked for here. No row when the jid is taken.
INSERT INTO command (jid, day, cmd, fun, arg, tgt, clusters, user_name, user_uuid, source, is_highstate, created_at,
                     timeout_ms, state, expected, open, ended_at, masters_to, warnings,
                     job_uuid, job_name, tgt_uuid, tgt_name, sched_uuid, sched_name, origination)
VALUES ($1, $2, $3, $4, $5::text::json, $6::text::json, $7, $8, $9, 'raas', $10, $11,
        $12, $13, $14, $15, $16, $17, $18,
        $19, $20, $21, $22, $23, $24, CASE WHEN $23::uuid IS NULL THEN 'Ad-Hoc' ELSE 'Scheduled' END)
ON CONFLICT (jid) DO NOTHING
