-- Planned times from $2 on that were dealt with.
SELECT planned_at FROM schedule_run WHERE sched_uuid = $1 AND planned_at >= $2
