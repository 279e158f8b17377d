-- What lists of a big fleet need: a fleet of 100,000 minions and a month of 700,000 commands.

-- The newest commands by what is asked for most. None of it changes after the insert, but for the
-- state. The function goes along, as usually some are left out.
CREATE INDEX command_by_state ON command (state, created_at DESC, jid DESC);
CREATE INDEX command_by_fun ON command (fun, created_at DESC, jid DESC);
CREATE INDEX command_by_user ON command (user_name, created_at DESC, jid DESC) INCLUDE (fun);
CREATE INDEX command_elsewhere ON command (created_at DESC, jid DESC) WHERE cmd <> 'local';
CREATE INDEX command_by_highstate ON command (created_at DESC, jid DESC) INCLUDE (fun) WHERE is_highstate;
CREATE INDEX command_by_job_name ON command (job_name, created_at DESC, jid DESC) WHERE job_name IS NOT NULL;
CREATE INDEX command_by_tgt_name ON command (tgt_name, created_at DESC, jid DESC) WHERE tgt_name IS NOT NULL;
CREATE INDEX command_by_target ON command (tgt_uuid, created_at DESC, jid DESC) WHERE tgt_uuid IS NOT NULL;
CREATE INDEX command_by_sched_name ON command (sched_name, created_at DESC, jid DESC) WHERE sched_name IS NOT NULL;

-- Grains are large, and most questions are about the rest of a minion: they stand beside the row as soon as it has some.
ALTER TABLE minion SET (toast_tuple_target = 256);
-- Few minions come and go.
CREATE INDEX minion_moved ON minion (cluster_id) WHERE moved_at <> '{}';
