-- Runs of states are worked into the highstate tables behind the ingest, by one server at a time. So nobody who takes in
-- returns waits for it, and totals can be kept that many returns change at once.

-- Returns of runs of states that are not worked in yet. Without a jid: the minion is not there any more.
CREATE TABLE highstate_todo (
    n            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day          date,
    cluster_id   text NOT NULL,
    jid          text,
    minion_id    text NOT NULL
);

-- A state is the same on two minions when its id and its SLS are.
ALTER TABLE highstate_row ADD COLUMN state_key uuid GENERATED ALWAYS AS (md5(state || E'\n' || sls)::uuid) STORED;
DROP INDEX highstate_row_by_state;
CREATE INDEX highstate_row_by_state ON highstate_row (state_key);
-- Clusters are few: the primary key finds a minion. And a run that comes again and again changes no index at all, when its
-- page has room.
DROP INDEX highstate_row_by_minion;
ALTER TABLE highstate_row SET (fillfactor = 70);

-- What each run that still counts made of a minion: sums of highstate_row.
CREATE TABLE highstate_total (
    cluster_id   text NOT NULL,
    minion_id    text NOT NULL,
    test         boolean NOT NULL,
    saltenv      text NOT NULL,
    jid          text NOT NULL,
    returned_at  timestamptz NOT NULL,
    states       bigint NOT NULL,
    failed       bigint NOT NULL,
    changed      bigint NOT NULL,
    duration     double precision NOT NULL,    -- milliseconds
    PRIMARY KEY (cluster_id, minion_id, test, saltenv, jid)
);
INSERT INTO highstate_total
SELECT cluster_id, minion_id, test, saltenv, jid, max(returned_at), count(*), count(*) FILTER (WHERE NOT result),
       count(*) FILTER (WHERE num_changes > 0), sum(duration)
FROM highstate_row GROUP BY cluster_id, minion_id, test, saltenv, jid;

-- What each state made of minions: sums of highstate_row. Zero minions: nobody has it any more.
CREATE TABLE highstate_count (
    test         boolean NOT NULL,
    state_key    uuid NOT NULL,
    cluster_id   text NOT NULL,
    state        text NOT NULL,
    sls          text NOT NULL,
    minions      bigint NOT NULL,
    failed       bigint NOT NULL,
    changed      bigint NOT NULL,
    duration     numeric NOT NULL,             -- milliseconds; exact, as it is added to and taken from for years
    jids         text[] NOT NULL,              -- the newest 20 that applied it, in order
    saltenvs     text[] NOT NULL,              -- the first 20 that it was applied in, in order
    PRIMARY KEY (test, state_key, cluster_id)
);
CREATE INDEX highstate_count_by_state ON highstate_count (state);
INSERT INTO highstate_count
SELECT test, state_key, cluster_id, min(state), min(sls), count(*), count(*) FILTER (WHERE failed), count(*) FILTER (WHERE changed),
       sum(duration), (array_agg(DISTINCT jid ORDER BY jid DESC))[:20], (array_agg(DISTINCT saltenv ORDER BY saltenv))[:20]
FROM (SELECT test, state_key, cluster_id, min(state) AS state, min(sls) AS sls, bool_or(NOT result) AS failed,
             sum(num_changes) > 0 AS changed, sum(duration::numeric) AS duration, max(jid) AS jid, max(saltenv) AS saltenv
      FROM highstate_row GROUP BY test, state_key, cluster_id, minion_id) one
GROUP BY test, state_key, cluster_id;

-- Sums of highstate_day.
CREATE TABLE highstate_day_total (
    day          date NOT NULL,
    cluster_id   text NOT NULL,
    minions      bigint NOT NULL,
    failed       bigint NOT NULL,              -- minions
    changed      bigint NOT NULL,              -- minions
    duration     numeric NOT NULL,
    states       numeric NOT NULL,
    states_failed  numeric NOT NULL,
    states_changed numeric NOT NULL,
    PRIMARY KEY (day, cluster_id)
);
INSERT INTO highstate_day_total
SELECT day, cluster_id, count(*), count(*) FILTER (WHERE failed > 0), count(*) FILTER (WHERE changed > 0), sum(duration::numeric),
       sum(states), sum(failed), sum(changed)
FROM highstate_day GROUP BY day, cluster_id;
