-- What every return pays for. Nothing reads outcomes by minion alone; whoever asks for those of a job knows its day and
-- clusters, which the primary key begins with; and the newest returns are found through their commands.
DROP INDEX outcome_by_jid;
DROP INDEX outcome_by_minion;
DROP INDEX ret_by_time;
-- A minion's history is asked for by its id, with or without its cluster.
DROP INDEX ret_by_minion;
CREATE INDEX ret_by_minion ON ret (minion_id, jid);

-- zstd of the JSON text, where it is small and no other return that came with it is equal: one row instead of two.
-- Null: it is in body.
ALTER TABLE ret ADD COLUMN json bytea;
-- What zstd made small, PostgreSQL need not try to make smaller.
ALTER TABLE ret ALTER COLUMN json SET STORAGE EXTERNAL;
ALTER TABLE body ALTER COLUMN json SET STORAGE EXTERNAL;
ALTER TABLE body ALTER COLUMN original SET STORAGE EXTERNAL;
-- From now on the master that decided a return is its first witness by ret alone; here are those that came after it.
COMMENT ON TABLE witness IS 'masters that saw a return after the one that decided it (ret.master_uuid), and returns that came again';
