-- A statement that keeps what an outcome was by itself, as the one that nearly every return goes through does, needs no trigger:
-- that costs as much as the update. Whatever statement does not is seen to by the trigger, as before.
DROP TRIGGER outcome_past ON outcome;
CREATE TRIGGER outcome_past BEFORE UPDATE ON outcome FOR EACH ROW
WHEN ((OLD.state, OLD.reason, OLD.changed_at, OLD.late, OLD.ran_twice)
      IS DISTINCT FROM (NEW.state, NEW.reason, NEW.changed_at, NEW.late, NEW.ran_twice)
      AND cardinality(NEW.past) = cardinality(OLD.past))
EXECUTE FUNCTION outcome_past();
