-- What runs of states made of each minion: the newest result of every state, written as returns come in. Minions choose
-- all texts here: they are cut, and nothing but their own rows can be touched by them.
CREATE TABLE highstate_row (
    cluster_id   text NOT NULL,
    minion_id    text NOT NULL,
    test         boolean NOT NULL,             -- of a dry run
    tag          uuid NOT NULL,                -- md5 of Salt's own name of it: type_|-id_|-name_|-fun
    jid          text NOT NULL,
    saltenv      text NOT NULL,
    state        text NOT NULL,                -- its id
    sls          text NOT NULL,
    run_num      bigint NOT NULL,
    result       boolean NOT NULL,
    num_changes  bigint NOT NULL,
    duration     double precision NOT NULL,    -- milliseconds
    changes      text NOT NULL,                -- JSON
    comment      text NOT NULL,
    returned_at  timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, minion_id, test, tag)
);
CREATE INDEX highstate_row_by_state ON highstate_row (state);
CREATE INDEX highstate_row_by_minion ON highstate_row (minion_id);

-- The newest whole highstate of each minion: what is older and not in it is gone. Empty: only parts were applied.
CREATE TABLE highstate_minion (
    cluster_id   text NOT NULL,
    minion_id    text NOT NULL,
    test         boolean NOT NULL,
    saltenv      text NOT NULL,
    full_jid     text NOT NULL,
    PRIMARY KEY (cluster_id, minion_id, test, saltenv)
);

-- The last run of each day of each minion, dry runs left out.
CREATE TABLE highstate_day (
    day          date NOT NULL,
    cluster_id   text NOT NULL,
    minion_id    text NOT NULL,
    jid          text NOT NULL,
    states       bigint NOT NULL,
    failed       bigint NOT NULL,
    changed      bigint NOT NULL,
    duration     double precision NOT NULL,
    PRIMARY KEY (day, cluster_id, minion_id)
) PARTITION BY RANGE (day);
