-- Whom saved target groups mean, kept: worked in behind every change by one server at a time. What is kept of a group counts
-- only while `resolved = version`, and of a minion only while it does not stand in target_todo.

ALTER TABLE target_group
    ADD COLUMN number    integer GENERATED ALWAYS AS IDENTITY UNIQUE,  -- short, for target_member; never given again
    ADD COLUMN version   bigint NOT NULL DEFAULT 1,    -- one more whenever it may mean other minions
    ADD COLUMN resolved  bigint NOT NULL DEFAULT 0;    -- the version of which all members are kept

-- Only what follows from the group, the id and the grains; whether a minion is accepted is looked up by whoever reads. Of a
-- minion without grains nothing unsure is kept: it would be nearly every group.
CREATE TABLE target_member (
    group_no    integer NOT NULL,
    cluster_id  text NOT NULL,
    minion_id   text NOT NULL,
    sure        boolean NOT NULL,              -- false: only its master can tell
    PRIMARY KEY (group_no, cluster_id, minion_id) INCLUDE (sure)
);
CREATE INDEX target_member_by_minion ON target_member (cluster_id, minion_id);

-- Minions that are new, gone, or have other grains, and groups that are gone. Written in the transaction of the change, by
-- triggers: clusters that end take their minions along, and nobody who writes minions has to think of it.
CREATE TABLE target_todo (
    n           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id  text,
    minion_id   text,
    group_no    integer,
    CHECK ((cluster_id IS NULL) = (minion_id IS NULL) AND (minion_id IS NULL) <> (group_no IS NULL))
);

CREATE FUNCTION target_minions_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO target_todo (cluster_id, minion_id) SELECT c.cluster_id, c.minion_id FROM changed c;
    RETURN NULL;
END
$$;
CREATE FUNCTION target_grains_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO target_todo (cluster_id, minion_id) VALUES (NEW.cluster_id, NEW.minion_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER target_minion_came AFTER INSERT ON minion REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION target_minions_changed();
CREATE TRIGGER target_minion_went AFTER DELETE ON minion REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION target_minions_changed();
-- Signs of life do not name the grains: they do not even ask.
CREATE TRIGGER target_minion_told AFTER UPDATE OF grains ON minion FOR EACH ROW
WHEN (OLD.grains IS DISTINCT FROM NEW.grains) EXECUTE FUNCTION target_grains_changed();

-- One group is changed at a time: else who names another in that moment could be missed. Before any row is locked, so that
-- nobody waits in a circle.
CREATE FUNCTION target_groups_one_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(8387798654038061104);  -- "tgroup00" as a number
    RETURN NULL;
END
$$;
CREATE TRIGGER target_group_lock BEFORE INSERT OR UPDATE OF name, tgt OR DELETE ON target_group
FOR EACH STATEMENT EXECUTE FUNCTION target_groups_one_by_one();

-- A group that is changed, and all that name it, also through others, may mean other minions. Who names it is looked for in
-- the text: too many may be found, never too few.
CREATE FUNCTION target_group_changed(of_name text) RETURNS void LANGUAGE sql AS $$
    WITH RECURSIVE touched(name) AS (
        SELECT of_name
        UNION
        SELECT g.name FROM touched t JOIN target_group g
        ON position(btrim(to_json(t.name)::text, '"') IN g.tgt::text) > 0
           AND (position('N@' IN g.tgt::text) > 0 OR position('"node' IN g.tgt::text) > 0)
    )
    UPDATE target_group SET version = version + 1 WHERE name IN (SELECT name FROM touched)
$$;
CREATE FUNCTION target_group_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM target_group_changed(NEW.name);
    RETURN NULL;
END
$$;
CREATE FUNCTION target_group_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM target_group_changed(NEW.name);
    IF NEW.name <> OLD.name THEN
        PERFORM target_group_changed(OLD.name);
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION target_group_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM target_group_changed(OLD.name);
    INSERT INTO target_todo (group_no) VALUES (OLD.number);
    RETURN NULL;
END
$$;
CREATE TRIGGER target_group_came AFTER INSERT ON target_group FOR EACH ROW EXECUTE FUNCTION target_group_came();
CREATE TRIGGER target_group_moved AFTER UPDATE OF name, tgt ON target_group FOR EACH ROW
WHEN (OLD.name <> NEW.name OR OLD.tgt::text <> NEW.tgt::text) EXECUTE FUNCTION target_group_moved();
CREATE TRIGGER target_group_went AFTER DELETE ON target_group FOR EACH ROW EXECUTE FUNCTION target_group_went();

-- Of whom no grains are known: what is read beside the members.
CREATE INDEX minion_without_grains ON minion (cluster_id, minion_id) WHERE grains IS NULL;
