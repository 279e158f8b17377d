-- Who may call, and what the servers of one database share.

CREATE TABLE secret (
    name        text PRIMARY KEY,              -- server_key, jwt_secret, …
    value       bytea NOT NULL,
    created_at  timestamptz NOT NULL
);

CREATE TABLE account (
    account_uuid   uuid PRIMARY KEY,
    config_name    text NOT NULL DEFAULT 'internal',
    username       text NOT NULL,
    password_hash  text,                       -- Argon2id; null: cannot sign in with a password
    roles          text[] NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL,
    last_login_at  timestamptz,
    UNIQUE (config_name, username)
);

-- Failed logins, one row per name: the throttle holds across servers.
CREATE TABLE login_failure (
    config_name  text NOT NULL,
    username     text NOT NULL,
    failures     integer NOT NULL,
    last_at      timestamptz NOT NULL,
    PRIMARY KEY (config_name, username)
);

-- Leadership: who runs what only one server may run.
CREATE TABLE lease (
    name        text PRIMARY KEY,
    holder      uuid NOT NULL,
    held_until  timestamptz NOT NULL
);
