-- A pause or resume that no minion heard changed nothing.
UPDATE command c
SET state = CASE WHEN k.returned_good = 0 THEN 'retrieved' WHEN c.control = 'pause' THEN 'paused' ELSE 'resumed' END
FROM command k
WHERE c.jid = $1 AND k.jid = c.control_jid AND c.ended_at IS NULL AND c.state IN ('pausing', 'resuming') AND k.ended_at IS NOT NULL
