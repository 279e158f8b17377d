-- Commands whose pause or resume was carried out: its own command ended.
SELECT c.jid FROM command c JOIN command k ON k.jid = c.control_jid
WHERE c.control IN ('pause', 'resume') AND c.ended_at IS NULL AND c.state IN ('pausing', 'resuming') AND k.ended_at IS NOT NULL
ORDER BY c.jid
LIMIT 500
