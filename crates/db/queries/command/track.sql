INSERT INTO command_track (jid, master_id, state, minions, told_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (jid, master_id) DO UPDATE
SET state = EXCLUDED.state, minions = EXCLUDED.minions, told_at = EXCLUDED.told_at
WHERE command_track.told_at <= EXCLUDED.told_at
