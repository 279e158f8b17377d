-- How far this master's records of this epoch are committed. Holds the row: batches of one master follow one another.
INSERT INTO report_progress AS p (master_uuid, epoch, through, changed_at) VALUES ($1, $2, 0, $3)
ON CONFLICT (master_uuid, epoch) DO UPDATE SET changed_at = p.changed_at
RETURNING through
