-- What was asked of a running command. The caller holds the row.
UPDATE command
SET control = $2::text, control_jid = $3, control_by = $4, control_at = $5,
    resumed_at = CASE WHEN $2 = 'resume' THEN $5 ELSE resumed_at END,
    state = CASE $2::text WHEN 'stop' THEN 'stopping' WHEN 'pause' THEN 'pausing' ELSE 'resuming' END
WHERE jid = $1
