-- Planned times that are left out, of these schedules.
SELECT sched_uuid, planned_at FROM schedule_skip WHERE sched_uuid = ANY($1::uuid[]) AND planned_at >= $2
