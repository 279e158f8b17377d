-- Roles, groups, and who holds which. Permissions are the words of the API; those of built-in roles are written by the
-- server when it starts.

CREATE TABLE role (
    role_uuid    uuid PRIMARY KEY,
    name         text NOT NULL UNIQUE,
    description  text,
    perms        text[] NOT NULL DEFAULT '{}',
    built_in     boolean NOT NULL DEFAULT false,
    scope        json                          -- {cluster id or *: {tgt, tgt_type}}; null: all minions
);
INSERT INTO role (role_uuid, name, description, built_in) VALUES
    ('00000000-0000-4000-8000-000000000001', 'User', 'Looks, and runs saved jobs', true),
    ('00000000-0000-4000-8000-000000000002', 'Administrator', 'Runs anything, keeps jobs, targets, files and keys of minions', true),
    ('00000000-0000-4000-8000-000000000003', 'Superuser', 'Everything', true),
    ('00000000-0000-4000-8000-000000000004', 'Salt Master', 'For programs that act for a master', true);

CREATE TABLE account_role (
    account_uuid  uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    role_uuid     uuid NOT NULL REFERENCES role ON DELETE CASCADE,
    PRIMARY KEY (account_uuid, role_uuid)
);
CREATE INDEX account_role_by_role ON account_role (role_uuid);
INSERT INTO account_role (account_uuid, role_uuid)
SELECT a.account_uuid, r.role_uuid FROM account a JOIN role r ON r.name = ANY(a.roles);

ALTER TABLE account
    DROP COLUMN roles,
    ADD COLUMN perms        text[] NOT NULL DEFAULT '{}',   -- beside those of its roles
    ADD COLUMN scope        json,                           -- as of a role; the account never gets beyond it
    ADD COLUMN custom_data  json,
    ADD COLUMN remote_uid   text;

CREATE TABLE account_group (
    group_uuid   uuid PRIMARY KEY,
    config_name  text NOT NULL DEFAULT 'internal',
    name         text NOT NULL,
    description  text,
    custom_data  json,
    remote_uid   text,
    UNIQUE (config_name, name)
);

CREATE TABLE group_role (
    group_uuid  uuid NOT NULL REFERENCES account_group ON DELETE CASCADE,
    role_uuid   uuid NOT NULL REFERENCES role ON DELETE CASCADE,
    PRIMARY KEY (group_uuid, role_uuid)
);
CREATE INDEX group_role_by_role ON group_role (role_uuid);

CREATE TABLE group_member (
    group_uuid    uuid NOT NULL REFERENCES account_group ON DELETE CASCADE,
    account_uuid  uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (group_uuid, account_uuid)
);
CREATE INDEX group_member_by_account ON group_member (account_uuid);

-- The roles that an account has, its own and those of its groups.
CREATE VIEW held_role AS
SELECT account_uuid, role_uuid FROM account_role
UNION
SELECT m.account_uuid, g.role_uuid FROM group_member m JOIN group_role g USING (group_uuid);

-- Opens one stream for a client that cannot send an Authorization header.
CREATE TABLE ws_ticket (
    hash          bytea PRIMARY KEY,           -- SHA-256
    account_uuid  uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    expires_at    timestamptz NOT NULL
);
