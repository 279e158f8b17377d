-- Who comes and goes: times of the last moves of a minion between the masters of a failover cluster, and of the last
-- returns of a master that was away; newest first, a few only. So "flapping" needs no look at history.
ALTER TABLE minion ADD COLUMN moved_at timestamptz[] NOT NULL DEFAULT '{}';
ALTER TABLE master ADD COLUMN came_at timestamptz[] NOT NULL DEFAULT '{}';
-- When it last told the keys of its minions; null: not yet, so that nobody's key is missing there.
ALTER TABLE master ADD COLUMN keys_at timestamptz;
UPDATE master m SET keys_at = (SELECT max(l.key_at) FROM link l WHERE l.master_uuid = m.master_uuid);
