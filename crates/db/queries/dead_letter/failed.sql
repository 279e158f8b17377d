-- Tried again, and refused again: the newest reason is shown.
UPDATE dead_letter d SET tries = d.tries + 1, tried_at = $1, reason = f.reason
FROM unnest($2::bigint[], $3::text[]) AS f(dead_letter_id, reason)
WHERE d.dead_letter_id = f.dead_letter_id
