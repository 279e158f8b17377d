-- What was dealt with before, and what no other run says. A run that comes in this moment names its time there, and is waited for.
WITH gone AS (DELETE FROM schedule_run WHERE planned_at < $1)
DELETE FROM schedule_what w
WHERE w.used_at < $1 AND NOT EXISTS (SELECT FROM schedule_run r WHERE r.what = w.what AND r.planned_at >= $1)
