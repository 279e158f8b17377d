-- What the minions of a cluster said of their configuration, when they were last asked, and what is wrong with it.
CREATE TABLE readiness_check (
    cluster_id  text PRIMARY KEY REFERENCES cluster ON DELETE CASCADE,
    jid         text NOT NULL,                 -- of the last check
    started_at  timestamptz NOT NULL,
    open        boolean NOT NULL,              -- its answers are awaited
    judged_at   timestamptz,                   -- when the findings were made; null: never
    findings    json NOT NULL DEFAULT '[]'
);

CREATE TABLE readiness (
    cluster_id  text NOT NULL REFERENCES cluster ON DELETE CASCADE,
    minion_id   text NOT NULL,
    asked_at    timestamptz NOT NULL,
    settings    json,                          -- what it said last; null: nothing yet
    said_at     timestamptz,
    problem     text,                          -- why it said nothing when it was asked last
    PRIMARY KEY (cluster_id, minion_id)
);
