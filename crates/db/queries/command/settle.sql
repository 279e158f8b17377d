-- Counters follow their outcomes, the state follows the counters. The caller holds the rows (lock.sql).
WITH delta AS (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
        AS d(jid, expected, open, good, failed)
), after AS (
    SELECT c.jid, c.expected + d.expected AS expected, c.open + d.open AS open,
           c.returned_good + d.good AS good, c.returned_failed + d.failed AS failed,
           EXISTS (SELECT FROM delivery v WHERE v.jid = c.jid AND v.work IN ('publish', 'run')
                       AND v.state IN ('queued', 'leased', 'claimed', 'started')) AS under_way,
           EXISTS (SELECT FROM delivery v WHERE v.jid = c.jid AND v.work IN ('publish', 'run')
                       AND v.state IN ('claimed', 'started', 'published', 'done')) AS taken
    FROM command c JOIN delta d USING (jid)
), judged AS (
    -- With nothing expected yet, the masters' replies may still name somebody.
    SELECT *, open <= 0 AND (expected > 0 OR NOT under_way) AS ended FROM after
)
UPDATE command c
SET expected = j.expected, open = j.open, returned_good = j.good, returned_failed = j.failed,
    ended_at = CASE WHEN j.ended THEN COALESCE(c.ended_at, $6) END,
    state = CASE WHEN c.control = 'stop' THEN CASE WHEN j.ended THEN 'stopped' ELSE 'stopping' END
                 WHEN NOT j.ended AND c.state IN ('pausing', 'paused', 'resuming', 'resumed') THEN c.state
                 WHEN j.ended AND j.good + j.failed < j.expected THEN 'completed_missing_returns'
                 WHEN j.ended AND j.failed > 0 THEN 'completed_failures'
                 WHEN j.ended THEN 'completed_all_successful'
                 WHEN j.taken OR c.source = 'salt' OR j.good + j.failed > 0 THEN 'retrieved'
                 ELSE 'new' END
FROM judged j
WHERE c.jid = j.jid
RETURNING c.jid, c.state, c.ended_at IS NOT NULL AS ended
