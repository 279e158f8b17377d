-- Totals of states that nobody has any more, and of days that are gone.
WITH c AS (DELETE FROM highstate_count WHERE minions = 0)
DELETE FROM highstate_day_total t
WHERE NOT EXISTS (SELECT FROM highstate_day d WHERE d.day = t.day AND d.cluster_id = t.cluster_id)
