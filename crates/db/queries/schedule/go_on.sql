-- The next planned time that is not dealt with; nothing when somebody changed the schedule meanwhile.
UPDATE schedule SET next_at = $3, last_at = GREATEST(last_at, $4) WHERE sched_uuid = $1 AND changed_at = $2
