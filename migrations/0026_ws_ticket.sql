-- With which session, or token of a program, a ticket was asked for: its stream shows no more, and ends with it.
ALTER TABLE ws_ticket ADD COLUMN session_uuid uuid, ADD COLUMN by_token boolean NOT NULL DEFAULT false;
