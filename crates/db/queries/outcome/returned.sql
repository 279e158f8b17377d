-- Returns came again (ret and witness are written): the deciding one made the outcome, the others bear witness.
-- A different one means that the minion ran the job twice. A cut one differs from a whole one without meaning anything.
WITH incoming AS (
    SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::bytea[], $5::boolean[], $6::bigint[], $7::boolean[])
        AS i(day, jid, minion_id, hash, success, retcode, trimmed)
), judged AS (
    SELECT r.day, r.jid, r.minion_id, r.success AND r.retcode = 0 AS good, r.retcode, r.master_uuid,
           bool_or(NOT i.trimmed AND NOT r.trimmed
                   AND (i.hash, i.success, i.retcode) IS DISTINCT FROM (r.body_hash, r.success, r.retcode)) AS differs
    FROM incoming i
    JOIN ret r ON r.day = i.day AND r.cluster_id = $8 AND r.jid = i.jid AND r.minion_id = i.minion_id
    GROUP BY r.day, r.cluster_id, r.jid, r.minion_id
), before AS (
    SELECT j.*, o.state, c.source = 'raas' AS unexpected,
           (SELECT count(*) FROM (SELECT w.master_uuid FROM witness w
                                  WHERE w.day = j.day AND w.cluster_id = $8 AND w.jid = j.jid AND w.minion_id = j.minion_id
                                  UNION SELECT j.master_uuid) m) AS witnesses
    FROM judged j
    JOIN command c ON c.jid = j.jid
    LEFT JOIN outcome o ON o.day = j.day AND o.cluster_id = $8 AND o.jid = j.jid AND o.minion_id = j.minion_id
), written AS (
    INSERT INTO outcome (day, cluster_id, jid, minion_id, state, reason, master_uuid, retcode, unexpected, ran_twice,
                         witnesses, created_at, changed_at)
    SELECT b.day, $8, b.jid, b.minion_id, CASE WHEN b.good THEN 'succeeded' ELSE 'failed' END,
           CASE WHEN b.differs THEN 'returned twice, with different results: it ran twice'
                WHEN b.unexpected THEN 'returned, though the plan did not expect it'
                WHEN b.good THEN 'returned' ELSE 'returned with errors' END,
           b.master_uuid, b.retcode, b.unexpected, b.differs, b.witnesses, $9, $9
    FROM before b ORDER BY b.day, b.jid, b.minion_id
    ON CONFLICT (day, cluster_id, jid, minion_id) DO UPDATE
    SET state = EXCLUDED.state, master_uuid = EXCLUDED.master_uuid, retcode = EXCLUDED.retcode, deadline = NULL,
        witnesses = EXCLUDED.witnesses,
        ran_twice = outcome.ran_twice OR EXCLUDED.ran_twice,
        late = outcome.late OR outcome.state IN ('no_answer', 'not_delivered', 'result_unknown', 'cancelled'),
        changed_at = CASE WHEN outcome.state = EXCLUDED.state AND (outcome.ran_twice OR NOT EXCLUDED.ran_twice)
                          THEN outcome.changed_at ELSE EXCLUDED.changed_at END,
        reason = CASE WHEN EXCLUDED.ran_twice THEN EXCLUDED.reason
                      WHEN outcome.state IN ('succeeded', 'failed') THEN outcome.reason
                      WHEN outcome.state IN ('no_answer', 'not_delivered', 'result_unknown', 'cancelled')
                          THEN 'returned late; before that: ' || outcome.reason
                      WHEN EXCLUDED.state = 'succeeded' THEN 'returned' ELSE 'returned with errors' END
)
SELECT jid, count(*) FILTER (WHERE state IS NULL) AS expected,
       -count(*) FILTER (WHERE state IN ('queued', 'delivered', 'running')) AS open,
       count(*) FILTER (WHERE good AND (state IS NULL OR state NOT IN ('succeeded', 'failed'))) AS good,
       count(*) FILTER (WHERE NOT good AND (state IS NULL OR state NOT IN ('succeeded', 'failed'))) AS failed
FROM before GROUP BY jid ORDER BY jid
