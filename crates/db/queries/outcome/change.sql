-- Open outcomes move on, or end. Ended ones stay as they are.
WITH change AS (
    SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::integer[],
                         $10::timestamptz[])
        AS c(day, cluster_id, jid, minion_id, state, reason, deadline, asked, unheld_since)
), changed AS (
    UPDATE outcome o SET state = c.state, reason = c.reason, deadline = c.deadline, asked = c.asked, changed_at = $9,
        unheld_since = c.unheld_since
    FROM change c
    WHERE o.day = c.day AND o.cluster_id = c.cluster_id AND o.jid = c.jid AND o.minion_id = c.minion_id
      AND o.state IN ('queued', 'delivered', 'running')
    RETURNING o.jid, o.state
)
SELECT jid, 0::bigint AS expected, -count(*) FILTER (WHERE state NOT IN ('queued', 'delivered', 'running')) AS open,
       0::bigint AS good, 0::bigint AS failed
FROM changed GROUP BY jid ORDER BY jid
