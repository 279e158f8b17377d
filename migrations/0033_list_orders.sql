-- Orders and counts of long lists: an index alone answers them.

-- What lists read of every minion stands in its row, and grains with all that is made of them beside it. Without MAIN the
-- database moves ids out, too, as soon as a row is longer than its target. What lists are ordered by is short enough for an index,
-- whatever a minion tells: with its ids at most 2,600 bytes.
DROP VIEW known_minion;
ALTER TABLE minion
    ALTER cluster_id SET STORAGE MAIN, ALTER minion_id SET STORAGE MAIN, ALTER evidence SET STORAGE MAIN, ALTER moved_at SET STORAGE MAIN,
    DROP os, DROP osfullname, DROP saltversion, DROP ipv6,
    ADD os          text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'os', 90)) STORED,
    ADD osfullname  text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'osfullname', 90)) STORED,
    ADD saltversion text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'saltversion', 90)) STORED,
    ADD host_begin  text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'host', 90)) STORED,
    ADD ipv4_begin  text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'ipv4', 60)) STORED,
    ADD ipv6_begin  text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'ipv6', 60)) STORED,
    ADD has_grains  boolean GENERATED ALWAYS AS (grains IS NOT NULL) STORED,
    ALTER os SET STORAGE MAIN, ALTER osfullname SET STORAGE MAIN, ALTER saltversion SET STORAGE MAIN, ALTER host SET STORAGE MAIN,
    ALTER host_begin SET STORAGE MAIN, ALTER ipv4 SET STORAGE MAIN, ALTER ipv4_begin SET STORAGE MAIN, ALTER ipv6_begin SET STORAGE MAIN,
    SET (toast_tuple_target = 256);
CREATE VIEW known_minion AS
SELECT m.cluster_id, m.minion_id, m.created_at, m.grains, m.grains_at, m.seen_at, m.seen_by, m.evidence, m.silent_at,
       m.os, m.osfullname, m.saltversion, m.host, m.host_begin, m.ipv4, m.ipv4_begin, m.ipv6_begin, m.has_grains, m.shape, m.traits,
       m.accepted
FROM minion m
WHERE m.known;
-- None of it changes with a sign of life.
DROP INDEX minion_by_id;
CREATE INDEX minion_by_id ON minion (minion_id COLLATE "C", cluster_id COLLATE "C") WHERE known;
CREATE INDEX minion_in_lists ON minion (minion_id COLLATE "C", cluster_id COLLATE "C")
INCLUDE (os, osfullname, saltversion, host_begin, ipv4_begin, ipv6_begin, has_grains, seen_by, shape, accepted) WHERE known;
CREATE INDEX minion_by_grains_at ON minion (grains_at, minion_id COLLATE "C", cluster_id COLLATE "C") WHERE known AND has_grains;

-- Rows of the key matrix.
CREATE INDEX minion_with_keys ON minion (cluster_id COLLATE "C", minion_id COLLATE "C") INCLUDE (differing, waiting) WHERE keys > 0;
DROP INDEX minion_key_alone;
CREATE INDEX minion_key_alone ON minion_key (cluster_id COLLATE "C", minion_id COLLATE "C") WHERE NOT held;

-- Keys by minion, by state, and by master.
DROP INDEX link_by_minion;
CREATE INDEX link_by_minion ON link (minion_id COLLATE "C", master_uuid, key_state COLLATE "C", cluster_id) WHERE key_state IS NOT NULL;
CREATE INDEX link_by_state ON link (key_state COLLATE "C", minion_id COLLATE "C") WHERE key_state IS NOT NULL;
CREATE INDEX master_by_id ON master (master_id COLLATE "C");

-- Minions that not all masters accepted: found by their number, among all others.
CREATE INDEX minion_by_accepted ON minion (cluster_id, accepted) WHERE accepted > 0;

-- What runs of states made of minions, by their names.
DROP INDEX highstate_sum_by_id;
CREATE INDEX highstate_sum_by_id ON highstate_sum (test, minion_id COLLATE "C", cluster_id COLLATE "C");
-- A minion that goes is noted at once, in its transaction: lists of one state leave it out by that, rather than look every minion up.
CREATE FUNCTION highstate_minions_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Also of whom nothing is known yet: it may be worked in just now.
    INSERT INTO highstate_todo (cluster_id, minion_id) SELECT c.cluster_id, c.minion_id FROM changed c;
    RETURN NULL;
END
$$;
CREATE TRIGGER highstate_minion_went AFTER DELETE ON minion REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION highstate_minions_went();
CREATE INDEX highstate_todo_gone ON highstate_todo (cluster_id, minion_id) WHERE day IS NULL;
INSERT INTO highstate_todo (cluster_id, minion_id)
SELECT DISTINCT h.cluster_id, h.minion_id FROM highstate_minion h
WHERE NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = h.cluster_id AND m.minion_id = h.minion_id);
-- One that came back before it was forgotten is not gone.
CREATE VIEW highstate_gone AS
SELECT t.cluster_id, t.minion_id FROM highstate_todo t
WHERE t.day IS NULL AND NOT EXISTS (SELECT FROM minion m WHERE m.cluster_id = t.cluster_id AND m.minion_id = t.minion_id);

-- Runs of schedules are many and of few kinds: what is searched for in texts stands once for all that say the same.
ALTER TABLE schedule_run ADD COLUMN masters text[] NOT NULL DEFAULT '{}';    -- that its command went to
UPDATE schedule_run r SET masters = c.masters_to FROM command c WHERE c.jid = r.jid AND c.masters_to <> '{}';
CREATE FUNCTION schedule_what(sched_name text, cmd text, fun text, arg json, tgt json, tgt_name text, masters text[]) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT md5(ROW(sched_name, cmd, fun, arg, tgt, tgt_name, masters)::text)::uuid $$;
ALTER TABLE schedule_run ADD COLUMN what uuid GENERATED ALWAYS AS (schedule_what(sched_name, cmd, fun, arg, tgt, tgt_name, masters)) STORED;
CREATE TABLE schedule_what (
    what         uuid PRIMARY KEY,
    sched_name   text NOT NULL,
    cmd          text,
    fun          text,
    arg          json,
    tgt          json,
    tgt_name     text,
    masters      text[] NOT NULL,
    used_at      timestamptz NOT NULL        -- the last run was dealt with then
);
CREATE FUNCTION schedule_run_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO schedule_what VALUES (NEW.what, NEW.sched_name, NEW.cmd, NEW.fun, NEW.arg, NEW.tgt, NEW.tgt_name, NEW.masters, NEW.fired_at)
    ON CONFLICT (what) DO UPDATE SET used_at = GREATEST(schedule_what.used_at, EXCLUDED.used_at);
    RETURN NULL;
END
$$;
INSERT INTO schedule_what
SELECT DISTINCT ON (what) what, sched_name, cmd, fun, arg, tgt, tgt_name, masters, fired_at FROM schedule_run ORDER BY what, fired_at DESC;
-- The command stands there already, in the same transaction.
CREATE FUNCTION schedule_run_comes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.masters := COALESCE((SELECT c.masters_to FROM command c WHERE c.jid = NEW.jid), NEW.masters);
    RETURN NEW;
END
$$;
CREATE TRIGGER schedule_run_comes BEFORE INSERT ON schedule_run FOR EACH ROW EXECUTE FUNCTION schedule_run_comes();
CREATE TRIGGER schedule_run_came AFTER INSERT OR UPDATE OF masters ON schedule_run FOR EACH ROW EXECUTE FUNCTION schedule_run_came();

-- Deliveries that are over: which of them are old is asked every few minutes, and all were read for it.
CREATE INDEX delivery_over ON delivery (changed_at) WHERE state IN ('published', 'handed_back', 'done', 'expired');
