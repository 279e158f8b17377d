-- What became of planned times, and which of them are left out.

-- One row per planned time that was dealt with. The row of one that fires is written together with its command: whoever is
-- second finds it there. No foreign keys: history stays.
CREATE TABLE schedule_run (
    sched_uuid  uuid NOT NULL,
    planned_at  timestamptz NOT NULL,
    sched_name  text NOT NULL,
    state       text NOT NULL CHECK (state IN ('fired', 'skipped', 'missed', 'failed')),
    reason      text NOT NULL DEFAULT '',
    fired_at    timestamptz NOT NULL,          -- when it was dealt with
    jid         text,
    cmd         text,
    fun         text,
    arg         json,
    tgt         json,
    job_name    text,
    tgt_name    text,
    PRIMARY KEY (sched_uuid, planned_at)
);
CREATE INDEX schedule_run_by_time ON schedule_run (planned_at DESC);

CREATE TABLE schedule_skip (
    sched_uuid  uuid NOT NULL REFERENCES schedule ON DELETE CASCADE,
    planned_at  timestamptz NOT NULL,
    PRIMARY KEY (sched_uuid, planned_at)
);
