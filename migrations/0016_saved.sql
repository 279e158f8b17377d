-- Things that people save: target groups, jobs, schedules, and values of their own; and who may do what with them.

-- What a role may do with a saved thing. Its owner, and who may do everything, need no row.
CREATE TABLE saved_access (
    resource_uuid  uuid NOT NULL,              -- of a target group, job or schedule
    role_uuid      uuid NOT NULL REFERENCES role ON DELETE CASCADE,
    rights         text[] NOT NULL CHECK (rights <@ '{read,write,discover,delete}'),
    PRIMARY KEY (resource_uuid, role_uuid)
);
CREATE INDEX saved_access_by_role ON saved_access (role_uuid);

CREATE FUNCTION saved_rights(of_resource uuid, owner uuid, superuser boolean, account uuid, roles text[]) RETURNS text[]
LANGUAGE sql STABLE
RETURN CASE WHEN superuser OR owner = account THEN '{read,write,discover,delete}'::text[]
            ELSE ARRAY(SELECT DISTINCT word FROM saved_access a JOIN role r USING (role_uuid) CROSS JOIN LATERAL unnest(a.rights) AS word
                       WHERE a.resource_uuid = of_resource AND r.name = ANY(roles)) END;

-- {role: [right, …]}
CREATE FUNCTION saved_access_of(of_resource uuid) RETURNS text LANGUAGE sql STABLE
RETURN (SELECT json_object_agg(r.name, a.rights)::text FROM saved_access a JOIN role r USING (role_uuid)
        WHERE a.resource_uuid = of_resource);

CREATE TABLE target_group (
    tgt_uuid     uuid PRIMARY KEY,
    name         text NOT NULL UNIQUE,         -- N@name means it
    description  text NOT NULL DEFAULT '',
    tgt          json NOT NULL,                -- {master id, cluster id or *: {tgt, tgt_type}}
    built_in     boolean NOT NULL DEFAULT false,
    owner_uuid   uuid REFERENCES account ON DELETE SET NULL,
    created_at   timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL
);
CREATE INDEX target_group_by_owner ON target_group (owner_uuid);
INSERT INTO target_group (tgt_uuid, name, tgt, built_in, created_at, changed_at)
VALUES ('7f93b928-388b-11e6-b133-346895ecb8f3', 'All Minions', '{"*": {"tgt": "*", "tgt_type": "compound"}}', true, 'epoch', 'epoch');
INSERT INTO saved_access (resource_uuid, role_uuid, rights)
SELECT '7f93b928-388b-11e6-b133-346895ecb8f3', role_uuid, '{read,discover}' FROM role WHERE name IN ('User', 'Administrator', 'Superuser');

CREATE TABLE job (
    job_uuid     uuid PRIMARY KEY,
    name         text NOT NULL UNIQUE,
    description  text NOT NULL DEFAULT '',
    cmd          text NOT NULL CHECK (cmd IN ('local', 'runner', 'wheel')),
    fun          text NOT NULL,
    arg          json NOT NULL DEFAULT '{}',   -- {arg: [literals], kwarg: {name: input}}
    masters      text[],                       -- of a runner or wheel
    tgt_uuid     uuid REFERENCES target_group ON DELETE SET NULL,
    owner_uuid   uuid REFERENCES account ON DELETE SET NULL,
    created_at   timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL
);
CREATE INDEX job_by_owner ON job (owner_uuid);
CREATE INDEX job_by_target ON job (tgt_uuid);

CREATE TABLE schedule (
    sched_uuid   uuid PRIMARY KEY,
    number       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,   -- short, for the uuids of its future runs
    name         text NOT NULL UNIQUE,
    function     text NOT NULL DEFAULT 'job.run',
    schedule     json NOT NULL,                -- when: the schedule object of the API
    enabled      boolean NOT NULL DEFAULT true,
    -- what: a saved job, or a command of its own
    job_uuid     uuid REFERENCES job,
    cmd          text CHECK (cmd IN ('local', 'runner', 'wheel')),
    fun          text,
    arg          json,
    -- where
    tgt_uuid     uuid REFERENCES target_group,
    tgt          json,
    masters      text[],
    owner_uuid   uuid REFERENCES account ON DELETE SET NULL,
    created_at   timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    -- when next: null when never again, or not enabled
    next_at      timestamptz,
    last_at      timestamptz
);
CREATE INDEX schedule_due ON schedule (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX schedule_by_job ON schedule (job_uuid);
CREATE INDEX schedule_by_target ON schedule (tgt_uuid);
CREATE INDEX schedule_by_owner ON schedule (owner_uuid);

-- What commands came from. Names stay when the thing is gone.
ALTER TABLE command
    ADD COLUMN job_uuid    uuid,
    ADD COLUMN job_name    text,
    ADD COLUMN tgt_uuid    uuid,
    ADD COLUMN tgt_name    text,
    ADD COLUMN sched_uuid  uuid,
    ADD COLUMN sched_name  text;
CREATE INDEX command_by_job ON command (job_uuid, created_at DESC) WHERE job_uuid IS NOT NULL;
CREATE INDEX command_by_schedule ON command (sched_uuid, created_at DESC) WHERE sched_uuid IS NOT NULL;

-- Whatever a client keeps: each account its own, and the server's.
CREATE TABLE account_value (
    account_uuid  uuid NOT NULL REFERENCES account ON DELETE CASCADE,
    key           text NOT NULL,
    value         json NOT NULL,
    PRIMARY KEY (account_uuid, key)
);
CREATE TABLE system_value (
    key    text PRIMARY KEY,
    value  json NOT NULL
);
