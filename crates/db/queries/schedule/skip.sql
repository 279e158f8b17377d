INSERT INTO schedule_skip (sched_uuid, planned_at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[])
ON CONFLICT DO NOTHING
