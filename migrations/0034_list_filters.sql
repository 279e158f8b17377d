-- What the audit is asked for beside people and time: all of it was read.
CREATE INDEX audit_by_event ON audit (event_name, day, start_time, audit_id);
CREATE INDEX audit_failed ON audit (day, start_time, audit_id) WHERE failed;
CREATE INDEX audit_by_elapsed ON audit ((end_time - start_time));

-- Returns of one master. A few values a day: 7 bytes a return.
CREATE INDEX ret_by_master ON ret (master_uuid, day);
