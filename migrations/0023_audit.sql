-- Who did what: a row per act and per refusal, written with the act. The leader links them by hashes afterwards, so that
-- acts do not wait for each other.

CREATE SEQUENCE audit_id;

CREATE TABLE audit (
    day           date NOT NULL,               -- of its begin
    audit_id      bigint NOT NULL DEFAULT nextval('audit_id'),
    start_time    timestamptz NOT NULL,
    end_time      timestamptz NOT NULL,
    event_type    text NOT NULL CHECK (event_type IN ('system', 'auth', 'rpc', 'task')),
    event_name    text NOT NULL,
    username      text NOT NULL,
    account_uuid  uuid,
    session_uuid  uuid,
    address       text,
    failed        boolean NOT NULL,
    event_data    json NOT NULL,               -- without secrets
    number        bigint,                      -- place in the chain; null: not linked yet
    hash          bytea,                       -- over the hash before it and the row
    PRIMARY KEY (day, audit_id)
) PARTITION BY RANGE (day);
CREATE INDEX audit_by_time ON audit (day, start_time, audit_id);
CREATE INDEX audit_by_user ON audit (username, day, start_time, audit_id);
CREATE INDEX audit_by_number ON audit (number);
CREATE INDEX audit_unlinked ON audit (audit_id) WHERE number IS NULL;

-- Where the chain ends, and where it begins since retention dropped what was before.
CREATE TABLE audit_head (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    number       bigint NOT NULL,
    hash         bytea NOT NULL,
    root_number  bigint NOT NULL,
    root_hash    bytea NOT NULL
);
INSERT INTO audit_head (number, hash, root_number, root_hash)
VALUES (0, decode(repeat('00', 32), 'hex'), 0, decode(repeat('00', 32), 'hex'));
