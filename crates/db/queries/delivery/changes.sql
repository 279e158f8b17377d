-- What the deliveries of one command in one cluster were, oldest first, and what they are now.
SELECT d.delivery_id, p.at, p.state, p.reason
FROM delivery d,
     unnest(d.past || ROW(d.changed_at, d.state, d.reason)::delivery_change) WITH ORDINALITY AS p(at, state, reason, n)
WHERE d.jid = $1 AND d.cluster_id = $2
ORDER BY d.created_at, d.delivery_id, p.n
