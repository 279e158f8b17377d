-- Commands and their deliveries: small tables for what is under way.

CREATE TABLE command (
    jid               text PRIMARY KEY CHECK (jid ~ '^[0-9]{20}$'),
    day               date NOT NULL,           -- of the history rows; a foreign jid takes the day of its first sighting
    cmd               text NOT NULL CHECK (cmd IN ('local', 'runner', 'wheel')),
    fun               text NOT NULL,
    arg               json NOT NULL,           -- {arg: [...], kwarg: {...}}
    tgt               json NOT NULL,           -- as asked for
    clusters          text[] NOT NULL,
    user_name         text NOT NULL,
    user_uuid         uuid,
    source            text NOT NULL CHECK (source IN ('raas', 'salt')),
    origination       text NOT NULL DEFAULT 'Ad-Hoc',
    is_highstate      boolean NOT NULL DEFAULT false,
    created_at        timestamptz NOT NULL,
    timeout_ms        bigint NOT NULL,         -- how long a minion may be silent before it is asked
    state             text NOT NULL,
    -- maintained counters over its outcomes
    expected          bigint NOT NULL DEFAULT 0,
    open              bigint NOT NULL DEFAULT 0,   -- outcomes not ended
    returned_good     bigint NOT NULL DEFAULT 0,
    returned_failed   bigint NOT NULL DEFAULT 0,
    ended_at          timestamptz,
    masters_to        text[] NOT NULL DEFAULT '{}',
    masters_done      text[] NOT NULL DEFAULT '{}',
    warnings          text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX command_by_time ON command (created_at DESC, jid DESC);
CREATE INDEX command_running ON command (jid) WHERE ended_at IS NULL;

-- A piece of work on its way to one master: a publish, a run, a question, a ping, a key change.
CREATE TABLE delivery (
    delivery_id     uuid PRIMARY KEY,
    jid             text,                      -- null for pings and key changes
    day             date,
    cluster_id      text NOT NULL,
    master_uuid     uuid NOT NULL REFERENCES master ON DELETE CASCADE,
    work            text NOT NULL CHECK (work IN ('publish', 'run', 'ask', 'ping', 'keys')),
    payload         json NOT NULL,             -- the Work of crates/wire, without its remaining times
    state           text NOT NULL CHECK (state IN ('queued', 'leased', 'claimed', 'started', 'published', 'handed_back', 'done', 'expired')),
    reason          text NOT NULL DEFAULT '',
    publish_before  timestamptz NOT NULL,      -- server's clock; sent as remaining time
    leased_until    timestamptz,
    lease_count     integer NOT NULL DEFAULT 0,
    claim_id        uuid,
    salt_jid        text,
    created_at      timestamptz NOT NULL,
    changed_at      timestamptz NOT NULL
);
CREATE INDEX delivery_to_lease ON delivery (master_uuid, created_at) WHERE state IN ('queued', 'leased');
CREATE INDEX delivery_by_jid ON delivery (jid);
CREATE INDEX delivery_open ON delivery (publish_before) WHERE state IN ('queued', 'leased', 'claimed', 'started');
