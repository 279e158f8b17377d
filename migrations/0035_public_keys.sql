-- Nobody writes keys meanwhile that would not be taken along.
LOCK TABLE link IN ACCESS EXCLUSIVE MODE;
-- Public keys are read when a key is decided about. Links change with every sign of life and are counted for every list of clusters:
-- they were five times as long with the keys in them.
CREATE TABLE link_key (
    cluster_id        text NOT NULL,
    minion_id         text NOT NULL,
    master_uuid       uuid NOT NULL,
    public_key        text,                         -- PEM
    denied_public_key text,
    PRIMARY KEY (cluster_id, minion_id, master_uuid)
);
INSERT INTO link_key
SELECT l.cluster_id, l.minion_id, l.master_uuid, l.public_key, l.denied_public_key
FROM link l WHERE l.public_key IS NOT NULL OR l.denied_public_key IS NOT NULL
ORDER BY l.cluster_id, l.minion_id, l.master_uuid;
ALTER TABLE link_key ADD FOREIGN KEY (cluster_id, minion_id, master_uuid) REFERENCES link ON DELETE CASCADE;
ALTER TABLE link DROP COLUMN public_key, DROP COLUMN denied_public_key;
-- Written anew, without them; with room beside each for its next sign of life.
ALTER TABLE link SET (fillfactor = 90);
CLUSTER link USING link_pkey;
