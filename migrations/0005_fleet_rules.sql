-- What the fleet side found missing: denied keys beside held ones, keys decided about before their master calls,
-- and the two sentences that every list of minions shares.

-- A key that a master denied, while it holds another one for the same id.
ALTER TABLE link ADD COLUMN denied_fingerprint text;
ALTER TABLE link ADD COLUMN denied_public_key text;
ALTER TABLE link ADD COLUMN denied_at timestamptz;

-- False: pre-seeded without saying which cluster; the first enrolment binds it.
ALTER TABLE master_key ADD COLUMN bound boolean NOT NULL DEFAULT true;
-- A key belongs to one master.
CREATE UNIQUE INDEX master_key_one_owner ON master_key (fingerprint) WHERE state = 'accepted';

-- The rule of raas_cluster::presence::minion, for lists of many minions; a test holds the two together.
CREATE FUNCTION minion_presence(seen_at timestamptz, silent_at timestamptz, seen_by_present boolean, fresh_from timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN seen_at IS NULL THEN CASE WHEN silent_at IS NULL THEN 'unknown' ELSE 'lost' END
    WHEN silent_at > seen_at THEN 'lost'
    WHEN seen_by_present IS NOT TRUE OR seen_at < fresh_from THEN 'unknown'
    ELSE 'present'
END;

-- Minions that belong to their cluster: accepted somewhere, or seen while no master told of a key.
CREATE VIEW known_minion AS
SELECT m.cluster_id, m.minion_id, m.created_at, m.grains, m.grains_at, m.seen_at, m.seen_by, m.evidence, m.silent_at
FROM minion m
WHERE EXISTS (SELECT FROM link l
              WHERE l.cluster_id = m.cluster_id AND l.minion_id = m.minion_id AND l.key_state = 'accepted')
   OR (m.seen_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM link l
                       WHERE l.cluster_id = m.cluster_id AND l.minion_id = m.minion_id AND l.key_state IS NOT NULL));
