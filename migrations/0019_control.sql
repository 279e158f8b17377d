-- Pause, resume and stop of a running job: what was asked for last, by whom, and the command that carries it out.
ALTER TABLE command
    ADD COLUMN control      text CHECK (control IN ('stop', 'pause', 'resume')),
    ADD COLUMN control_jid  text,
    ADD COLUMN control_by   text,
    ADD COLUMN control_at   timestamptz;
CREATE INDEX command_controlled ON command (jid) WHERE control IN ('pause', 'resume') AND ended_at IS NULL;

-- What a program that acts for a master told of a job there, the newest for each master.
CREATE TABLE command_track (
    jid        text NOT NULL REFERENCES command ON DELETE CASCADE,
    master_id  text NOT NULL,
    state      text NOT NULL,
    minions    text[] NOT NULL,
    told_at    timestamptz NOT NULL,
    PRIMARY KEY (jid, master_id)
);
