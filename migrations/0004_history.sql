-- What happened: partitioned by the jid's day, dropped by retention. Keys start (day, cluster_id, jid, minion_id).
-- Partitions are made by the server (crates/db partition), ahead of time.

-- The one answer for (jid, minion). For a runner or wheel the "minion" is the master it runs on.
CREATE TABLE outcome (
    day          date NOT NULL,
    cluster_id   text NOT NULL,
    jid          text NOT NULL,
    minion_id    text NOT NULL,
    state        text NOT NULL CHECK (state IN ('queued', 'delivered', 'running', 'succeeded', 'failed', 'no_answer',
                                                'not_delivered', 'result_unknown', 'cancelled')),
    reason       text NOT NULL DEFAULT '',
    master_uuid  uuid,                         -- whose witness decided it; until then the master it was given to
    retcode      bigint,
    late         boolean NOT NULL DEFAULT false,
    ran_twice    boolean NOT NULL DEFAULT false,
    unexpected   boolean NOT NULL DEFAULT false,
    witnesses    integer NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    deadline     timestamptz,                  -- when the reconciler looks at it; null once ended
    asked        integer NOT NULL DEFAULT 0,   -- how often the minion was asked about it
    PRIMARY KEY (day, cluster_id, jid, minion_id)
) PARTITION BY RANGE (day);
CREATE INDEX outcome_by_jid ON outcome (jid);
CREATE INDEX outcome_due ON outcome (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX outcome_by_minion ON outcome (cluster_id, minion_id, jid DESC);

-- The deciding return.
CREATE TABLE ret (
    day          date NOT NULL,
    cluster_id   text NOT NULL,
    jid          text NOT NULL,
    minion_id    text NOT NULL,
    master_uuid  uuid NOT NULL,
    fun          text NOT NULL,
    fun_args     json NOT NULL,
    success      boolean NOT NULL,
    retcode      bigint NOT NULL,
    stamp        timestamptz NOT NULL,         -- of the event, corrected for skew
    alter_time   timestamptz NOT NULL,         -- of the insert
    body_hash    bytea NOT NULL,
    extra        json,
    source       text NOT NULL,                -- bus, job_cache, asked
    trimmed      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (day, cluster_id, jid, minion_id)
) PARTITION BY RANGE (day);
CREATE INDEX ret_by_time ON ret (jid DESC, minion_id);
CREATE INDEX ret_by_minion ON ret (cluster_id, minion_id, jid DESC);

-- Bodies of returns; identical ones once a day.
CREATE TABLE body (
    day       date NOT NULL,
    hash      bytea NOT NULL,                  -- SHA-256 of the JSON text and the original bytes
    json      bytea NOT NULL,                  -- zstd of the JSON text
    original  bytea,                           -- zstd of Salt's own bytes, where JSON cannot carry them
    size      bigint NOT NULL,                 -- of the JSON text
    PRIMARY KEY (day, hash)
) PARTITION BY RANGE (day);

-- Every master that saw the return.
CREATE TABLE witness (
    day          date NOT NULL,
    cluster_id   text NOT NULL,
    jid          text NOT NULL,
    minion_id    text NOT NULL,
    master_uuid  uuid NOT NULL,
    body_hash    bytea NOT NULL,
    seen_at      timestamptz NOT NULL,
    PRIMARY KEY (day, cluster_id, jid, minion_id, master_uuid, body_hash)
) PARTITION BY RANGE (day);

-- How far each plugin's records are committed.
CREATE TABLE report_progress (
    master_uuid  uuid NOT NULL REFERENCES master ON DELETE CASCADE,
    epoch        uuid NOT NULL,
    through      bigint NOT NULL,
    changed_at   timestamptz NOT NULL,
    PRIMARY KEY (master_uuid, epoch)
);

-- Records that could not be taken, with the reason. They never block the rest.
CREATE TABLE dead_letter (
    dead_letter_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    master_uuid     uuid NOT NULL,
    epoch           uuid NOT NULL,
    n               bigint NOT NULL,
    reason          text NOT NULL,
    record          bytea NOT NULL,            -- zstd of the record's JSON
    at              timestamptz NOT NULL,
    UNIQUE (master_uuid, epoch, n)
);

-- Times in which a plugin could not record everything.
CREATE TABLE gap (
    master_uuid  uuid NOT NULL REFERENCES master ON DELETE CASCADE,
    started_at   timestamptz NOT NULL,
    ended_at     timestamptz NOT NULL,
    count        bigint,
    why          text NOT NULL,
    reported_at  timestamptz NOT NULL,
    PRIMARY KEY (master_uuid, started_at, ended_at)
);
