-- Signing in: sessions that can be listed and ended, tokens of programs, failures by name and address.

CREATE TABLE session (
    session_uuid  uuid PRIMARY KEY,
    account_uuid  uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,        -- to the minute
    address       text,
    user_agent    text
);
CREATE INDEX session_by_account ON session (account_uuid);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE api_token (
    token_uuid    uuid PRIMARY KEY,
    account_uuid  uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    name          text NOT NULL,
    hash          bytea NOT NULL UNIQUE,       -- SHA-256 of the token, which nobody keeps
    perms         text[],                      -- of those of the account only these; null: all of them
    scope         json,                        -- of the minions of the account only these; null: all of them
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    last_used_at  timestamptz,                 -- to the minute
    UNIQUE (account_uuid, name)
);

-- Failures of one name from one address: who guesses from one place locks nobody out at another.
DROP TABLE login_failure;
CREATE TABLE login_failure (
    config_name  text NOT NULL,
    username     text NOT NULL,
    address      text NOT NULL,                -- empty: not known
    failures     integer NOT NULL,
    last_at      timestamptz NOT NULL,
    told_at      timestamptz,                  -- when the audit last heard that the address is locked out
    PRIMARY KEY (config_name, username, address)
);
CREATE INDEX login_failure_by_address ON login_failure (address);
CREATE INDEX login_failure_by_time ON login_failure (last_at);
