DELETE FROM schedule_run WHERE planned_at < $1
