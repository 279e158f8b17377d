-- What is told of masters and their plugins from outside, and what searching grains needs.

-- Grains of a master, whole, as master.save_master was given them last.
CREATE TABLE master_grains (
    master_uuid  uuid PRIMARY KEY REFERENCES master ON DELETE CASCADE,
    grains       jsonb NOT NULL,               -- NUL characters removed
    saved_at     timestamptz NOT NULL
);

-- How an update of a plugin goes, as recorded; it holds while the plugin has the version that it had then.
CREATE TABLE master_plugin (
    master_uuid      uuid PRIMARY KEY REFERENCES master ON DELETE CASCADE,
    status           text NOT NULL,
    last_update_jid  text,
    log_messages     text,
    plugin_version   text NOT NULL,
    recorded_at      timestamptz NOT NULL
);

-- "All minions whose kernel is Linux", without reading the grains of every minion.
CREATE INDEX minion_by_grains ON minion USING gin (grains jsonb_path_ops);
