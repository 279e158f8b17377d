-- Deliveries that nothing hangs on any more: their command ended, or they never had one.
DELETE FROM delivery
WHERE delivery_id IN (
    SELECT v.delivery_id FROM delivery v LEFT JOIN command c ON c.jid = v.jid
    WHERE v.changed_at < $1 AND v.state IN ('published', 'handed_back', 'done', 'expired')
      AND (c.jid IS NULL OR c.ended_at < $1)
    ORDER BY v.changed_at
    LIMIT $2)
