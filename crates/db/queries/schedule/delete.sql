DELETE FROM schedule WHERE sched_uuid = $1
