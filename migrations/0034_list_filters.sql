-- What the audit is asked for beside people and time: all of it was read.
CREATE INDEX audit_by_event ON audit (event_name, day, start_time, audit_id);
CREATE INDEX audit_failed ON audit (day, start_time, audit_id) WHERE failed;
CREATE INDEX audit_by_elapsed ON audit ((end_time - start_time));

-- Returns of one master. A few values a day: 7 bytes a return.
CREATE INDEX ret_by_master ON ret (master_uuid, day);
-- From command to command they are looked for only where that master ever was: it tells of its own cluster alone.
CREATE TABLE master_was_in (
    master_uuid uuid NOT NULL REFERENCES master ON DELETE CASCADE,
    cluster_id  text NOT NULL,
    PRIMARY KEY (master_uuid, cluster_id)
);
CREATE FUNCTION master_comes_into() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO master_was_in VALUES (NEW.master_uuid, NEW.cluster_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER master_comes_into AFTER INSERT OR UPDATE OF cluster_id ON master FOR EACH ROW EXECUTE FUNCTION master_comes_into();
INSERT INTO master_was_in
SELECT m.master_uuid, m.cluster_id FROM master m
UNION SELECT r.master_uuid, r.cluster_id FROM ret r WHERE r.master_uuid IN (SELECT m.master_uuid FROM master m);
