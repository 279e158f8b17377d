-- Keys of minions as a cluster is to have them. Only acts through raas change what is desired; reports change what is
-- observed (link). A reconciler makes the second like the first.
CREATE TABLE minion_key (
    cluster_id     text NOT NULL REFERENCES cluster ON DELETE CASCADE,
    minion_id      text NOT NULL,
    desired        text NOT NULL CHECK (desired IN ('accepted', 'rejected', 'absent')),
    fingerprint    text,                       -- of the key that was decided about; null: absent
    public_key     text,
    decided_at     timestamptz NOT NULL,
    decided_by     text NOT NULL,
    -- It was changed on a master by other hands: nothing is written any more until an operator decides.
    suspended_at   timestamptz,
    suspended_why  text,
    PRIMARY KEY (cluster_id, minion_id)
);
CREATE INDEX minion_key_suspended ON minion_key (cluster_id) WHERE suspended_at IS NOT NULL;

-- A change that one master is asked for, until it is seen there.
CREATE TABLE key_change (
    cluster_id   text NOT NULL,
    minion_id    text NOT NULL,
    master_uuid  uuid NOT NULL REFERENCES master ON DELETE CASCADE,
    action       text NOT NULL CHECK (action IN ('accept', 'reject', 'delete')),
    since        timestamptz NOT NULL,
    delivery_id  uuid,                         -- of the last try
    tried_at     timestamptz,
    tries        integer NOT NULL DEFAULT 0,
    done_at      timestamptz,                  -- the master says that it is done
    error        text,                         -- why it was not, at the last try
    PRIMARY KEY (cluster_id, minion_id, master_uuid),
    FOREIGN KEY (cluster_id, minion_id) REFERENCES minion_key ON DELETE CASCADE
);
CREATE INDEX key_change_by_master ON key_change (master_uuid);

-- When the keys of a cluster are compared next; null: there is nothing to compare.
ALTER TABLE cluster ADD COLUMN keys_look_at timestamptz;
