DELETE FROM schedule_skip WHERE (sched_uuid, planned_at) IN (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]))
