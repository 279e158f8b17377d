-- What changes an outcome or a delivery says when, by the time its round or report began; another one may have been quicker. No
-- change stands before the one that it followed.
CREATE OR REPLACE FUNCTION outcome_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.past := array_append(OLD.past, ROW(OLD.changed_at, OLD.state, left(OLD.reason, 2000), OLD.master_uuid, OLD.late,
                                           OLD.ran_twice)::outcome_change);
    NEW.changed_at := GREATEST(NEW.changed_at, OLD.changed_at);
    IF cardinality(NEW.past) > 32 THEN
        NEW.past := NEW.past[:4] || NEW.past[6:];
        NEW.left_out := OLD.left_out + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION delivery_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.past := array_append(OLD.past, ROW(OLD.changed_at, OLD.state, left(OLD.reason, 2000))::delivery_change);
    NEW.changed_at := GREATEST(NEW.changed_at, OLD.changed_at);
    IF cardinality(NEW.past) > 32 THEN
        NEW.past := NEW.past[:4] || NEW.past[6:];
        NEW.left_out := OLD.left_out + 1;
    END IF;
    RETURN NEW;
END $$;
