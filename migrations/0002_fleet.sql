-- Masters, clusters, minions: what is.

-- A single master is a cluster of its own, named after it.
CREATE TABLE cluster (
    cluster_id  text PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('failover', 'hot', 'single', 'native')),
    created_at  timestamptz NOT NULL
);

-- Every key that a master ever offered. A second key for a known id is a second row, never a replacement.
CREATE TABLE master_key (
    master_id     text NOT NULL,
    fingerprint   text NOT NULL,               -- SHA-256 of the Ed25519 key, hex
    public_key    text NOT NULL,               -- SPKI PEM
    state         text NOT NULL CHECK (state IN ('accepted', 'pending', 'rejected')),
    reason        text NOT NULL DEFAULT '',
    cluster_id    text,                        -- as declared; null: single
    kind          text NOT NULL CHECK (kind IN ('failover', 'hot', 'single', 'native')),
    facts         json NOT NULL DEFAULT '{}',  -- MasterFacts of the last enrolment
    created_at    timestamptz NOT NULL,
    changed_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    PRIMARY KEY (master_id, fingerprint)
);
CREATE UNIQUE INDEX master_key_one_accepted ON master_key (master_id) WHERE state = 'accepted';
CREATE INDEX master_key_by_fingerprint ON master_key (fingerprint);

-- An accepted master. Acceptance binds id, key fingerprint, cluster and kind.
CREATE TABLE master (
    master_uuid               uuid PRIMARY KEY,
    master_id                 text NOT NULL UNIQUE,
    cluster_id                text NOT NULL REFERENCES cluster,
    fingerprint               text NOT NULL,
    created_at                timestamptz NOT NULL,
    plugin_version            text NOT NULL DEFAULT '',
    salt_version              text,
    host                      text,
    transport                 text,
    salt_key_fingerprint      text,
    signing_key_fingerprint   text,
    epoch                     uuid,            -- of the plugin's spool
    last_call_at              timestamptz,     -- server's clock
    salt_state                text CHECK (salt_state IN ('answering', 'silent', 'orphaned', 'gone')),
    salt_answered_at          timestamptz,     -- server's clock at the last heartbeat that said 'answering'
    clock_skew_ms             bigint NOT NULL DEFAULT 0,   -- master's clock minus ours
    spool_records             bigint NOT NULL DEFAULT 0,
    spool_oldest_s            bigint NOT NULL DEFAULT 0,
    connections               integer
);
CREATE INDEX master_by_cluster ON master (cluster_id);

-- One row per minion id within a cluster. All times are corrected for the reporting master's skew.
CREATE TABLE minion (
    cluster_id   text NOT NULL REFERENCES cluster ON DELETE CASCADE,
    minion_id    text NOT NULL,
    created_at   timestamptz NOT NULL,
    grains       jsonb,                        -- NUL characters removed
    grains_at    timestamptz,
    -- the newest sign of life, by the time of the event, and the master that saw it
    seen_at      timestamptz,
    seen_by      uuid REFERENCES master ON DELETE SET NULL,
    evidence     text,                         -- start, auth, event, return, ping
    silent_at    timestamptz,                  -- when it last did not answer the master it was last seen on
    PRIMARY KEY (cluster_id, minion_id)
);
CREATE INDEX minion_by_seen_by ON minion (seen_by);

-- A minion as one master sees it.
CREATE TABLE link (
    cluster_id    text NOT NULL,
    minion_id     text NOT NULL,
    master_uuid   uuid NOT NULL REFERENCES master ON DELETE CASCADE,
    key_state     text CHECK (key_state IN ('accepted', 'pending', 'rejected', 'denied')),  -- null: no key there
    fingerprint   text,
    public_key    text,
    key_at        timestamptz,
    seen_at       timestamptz,
    evidence      text,
    silent_at     timestamptz,
    PRIMARY KEY (cluster_id, minion_id, master_uuid),
    FOREIGN KEY (cluster_id, minion_id) REFERENCES minion ON DELETE CASCADE
);
CREATE INDEX link_by_master ON link (master_uuid, key_state);
