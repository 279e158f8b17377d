-- Commands of a schedule that have not ended.
SELECT count(*) FROM command WHERE sched_uuid = $1 AND ended_at IS NULL
