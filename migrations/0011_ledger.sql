-- The ledger keeps every change of an outcome and of a delivery, each with its reason and its time: "why?" has an answer.
-- What a row is now is in its columns; what it was before is in `past`, oldest first. A trigger writes it, so that no
-- statement can forget to, and a row that never changed costs nothing. The times are those that the statements pass in
-- (changed_at): a statement that changes a state or a reason also says when.
-- Bounded: of more than 32 changes the first 4 and the newest 28 are kept, and how many are not.

CREATE TYPE outcome_change AS (at timestamptz, state text, reason text, master_uuid uuid, late boolean, ran_twice boolean);

ALTER TABLE outcome
    ADD COLUMN past outcome_change[] NOT NULL DEFAULT '{}',
    ADD COLUMN left_out integer NOT NULL DEFAULT 0;

CREATE FUNCTION outcome_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.past := array_append(OLD.past, ROW(OLD.changed_at, OLD.state, left(OLD.reason, 2000), OLD.master_uuid, OLD.late,
                                           OLD.ran_twice)::outcome_change);
    IF cardinality(NEW.past) > 32 THEN
        NEW.past := NEW.past[:4] || NEW.past[6:];
        NEW.left_out := OLD.left_out + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER outcome_past BEFORE UPDATE ON outcome FOR EACH ROW
WHEN ((OLD.state, OLD.reason, OLD.changed_at, OLD.late, OLD.ran_twice)
      IS DISTINCT FROM (NEW.state, NEW.reason, NEW.changed_at, NEW.late, NEW.ran_twice))
EXECUTE FUNCTION outcome_past();

CREATE TYPE delivery_change AS (at timestamptz, state text, reason text);

ALTER TABLE delivery
    ADD COLUMN past delivery_change[] NOT NULL DEFAULT '{}',
    ADD COLUMN left_out integer NOT NULL DEFAULT 0;

CREATE FUNCTION delivery_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.past := array_append(OLD.past, ROW(OLD.changed_at, OLD.state, left(OLD.reason, 2000))::delivery_change);
    IF cardinality(NEW.past) > 32 THEN
        NEW.past := NEW.past[:4] || NEW.past[6:];
        NEW.left_out := OLD.left_out + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER delivery_past BEFORE UPDATE ON delivery FOR EACH ROW
WHEN ((OLD.state, OLD.reason, OLD.changed_at) IS DISTINCT FROM (NEW.state, NEW.reason, NEW.changed_at))
EXECUTE FUNCTION delivery_past();

-- An outcome that is open has a deadline; one that ended has none. (The closed set of its states is a check since 0004.)
UPDATE outcome SET deadline = changed_at WHERE deadline IS NULL AND state IN ('queued', 'delivered', 'running');
UPDATE outcome SET deadline = NULL WHERE deadline IS NOT NULL AND state NOT IN ('queued', 'delivered', 'running');
ALTER TABLE outcome ADD CONSTRAINT outcome_open_has_deadline
    CHECK ((state IN ('queued', 'delivered', 'running')) = (deadline IS NOT NULL));

-- The closed set of the states of a command, in the words of the API.
ALTER TABLE command ADD CONSTRAINT command_state
    CHECK (state IN ('new', 'retrieved', 'skipped', 'pausing', 'paused', 'resuming', 'resumed', 'completed_missing_returns',
                     'completed_failures', 'completed_all_successful', 'stopping', 'stopped', 'disabled'));
