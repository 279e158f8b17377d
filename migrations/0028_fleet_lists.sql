-- Lists of a fleet of 100,000 minions: each is one scan of one narrow table, whatever the masters told of keys and grains.

-- What the links of a minion say of its keys, kept by the triggers below. Whoever writes links need not know of it: masters
-- come and go, too, and take their links along.
ALTER TABLE minion
    ADD COLUMN keys       integer NOT NULL DEFAULT 0,      -- masters that hold a key of it
    ADD COLUMN accepted   integer NOT NULL DEFAULT 0,      -- masters that accepted it
    ADD COLUMN waiting    boolean NOT NULL DEFAULT false,  -- some master holds a key that it did not decide about
    ADD COLUMN differing  boolean NOT NULL DEFAULT false;  -- masters, or the decision, name more than one fingerprint
-- Whether some master holds a key of the minion at all: the others stand in the key matrix for the decision alone.
ALTER TABLE minion_key ADD COLUMN held boolean NOT NULL DEFAULT false;

-- Locks first, in the order in which all lock minions, and then looks: what another master told meanwhile is seen, too.
CREATE FUNCTION count_keys(clusters text[], minions text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM minion m
    WHERE (m.cluster_id, m.minion_id) IN (SELECT * FROM unnest(clusters, minions))
    ORDER BY m.cluster_id, m.minion_id
    FOR NO KEY UPDATE;
    UPDATE minion m SET keys = k.keys, accepted = k.accepted, waiting = k.waiting, differing = k.differing
    FROM (
        SELECT w.cluster_id, w.minion_id, count(l.key_state) AS keys, count(*) FILTER (WHERE l.key_state = 'accepted') AS accepted,
               COALESCE(bool_or(l.key_state IN ('pending', 'denied')), false) AS waiting,
               COALESCE(LEAST(min(l.fingerprint), min(d.fingerprint)) <> GREATEST(max(l.fingerprint), max(d.fingerprint)), false) AS differing
        FROM (SELECT DISTINCT * FROM unnest(clusters, minions)) AS w(cluster_id, minion_id)
        LEFT JOIN link l ON l.cluster_id = w.cluster_id AND l.minion_id = w.minion_id AND l.key_state IS NOT NULL
        LEFT JOIN minion_key d ON d.cluster_id = w.cluster_id AND d.minion_id = w.minion_id AND d.desired = 'accepted'
        GROUP BY w.cluster_id, w.minion_id
    ) AS k
    WHERE m.cluster_id = k.cluster_id AND m.minion_id = k.minion_id
      AND (m.keys, m.accepted, m.waiting, m.differing) IS DISTINCT FROM (k.keys, k.accepted, k.waiting, k.differing);
    UPDATE minion_key k SET held = NOT k.held
    WHERE (k.cluster_id, k.minion_id) IN (SELECT * FROM unnest(clusters, minions))
      AND k.held <> EXISTS (SELECT FROM link l WHERE l.cluster_id = k.cluster_id AND l.minion_id = k.minion_id AND l.key_state IS NOT NULL);
END
$$;

CREATE FUNCTION rows_with_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    clusters text[];
    minions text[];
BEGIN
    SELECT array_agg(r.cluster_id), array_agg(r.minion_id) INTO clusters, minions FROM changed r WHERE r.fingerprint IS NOT NULL;
    IF clusters IS NOT NULL THEN
        PERFORM count_keys(clusters, minions);
    END IF;
    RETURN NULL;
END
$$;
-- Whose keys the statement that runs has changed: noted row by row, counted at its end, as a master may tell of 100,000 accepted
-- keys at once. Empty between statements, so that nobody sees rows of others.
CREATE UNLOGGED TABLE keys_changed (cluster_id text NOT NULL, minion_id text NOT NULL);
CREATE FUNCTION row_with_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO keys_changed VALUES (NEW.cluster_id, NEW.minion_id);
    RETURN NULL;
END
$$;
CREATE FUNCTION rows_noted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    clusters text[];
    minions text[];
BEGIN
    WITH noted AS (DELETE FROM keys_changed RETURNING cluster_id, minion_id)
    SELECT array_agg(n.cluster_id), array_agg(n.minion_id) INTO clusters, minions FROM noted n;
    IF clusters IS NOT NULL THEN
        PERFORM count_keys(clusters, minions);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER link_came AFTER INSERT ON link REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_with_keys();
CREATE TRIGGER link_went AFTER DELETE ON link REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_with_keys();
-- Signs of life change links all the time and name neither column: they do not even ask.
CREATE TRIGGER link_changed AFTER UPDATE OF key_state, fingerprint ON link FOR EACH ROW
WHEN ((OLD.key_state, OLD.fingerprint) IS DISTINCT FROM (NEW.key_state, NEW.fingerprint)) EXECUTE FUNCTION row_with_key();
CREATE TRIGGER links_changed AFTER UPDATE OF key_state, fingerprint ON link FOR EACH STATEMENT EXECUTE FUNCTION rows_noted();
CREATE TRIGGER minion_key_came AFTER INSERT ON minion_key REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_with_keys();
CREATE TRIGGER minion_key_went AFTER DELETE ON minion_key REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION rows_with_keys();
CREATE TRIGGER minion_key_changed AFTER UPDATE OF desired, fingerprint ON minion_key FOR EACH ROW
WHEN ((OLD.desired, OLD.fingerprint) IS DISTINCT FROM (NEW.desired, NEW.fingerprint)) EXECUTE FUNCTION row_with_key();
CREATE TRIGGER minion_keys_changed AFTER UPDATE OF desired, fingerprint ON minion_key FOR EACH STATEMENT EXECUTE FUNCTION rows_noted();

-- Before the table is written anew below.
SELECT count_keys(array_agg(cluster_id), array_agg(minion_id)) FROM minion HAVING count(*) > 0;

-- Names of grains, as one value: most minions of a fleet have the same.
CREATE FUNCTION grain_shape(grains jsonb) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- As JSON: a name cannot be made that stands for several.
    SELECT md5(string_agg(to_json(k)::text, ',' ORDER BY k COLLATE "C"))::uuid
    FROM jsonb_object_keys(CASE WHEN jsonb_typeof(grains) = 'object' THEN grains ELSE '{}' END) AS k
$$;
-- Grains that are words or yes and no, each as one number: whoever asks for a grain need not read those of every minion. 64 bits of
-- a digest: two grains of one fleet never have the same.
CREATE FUNCTION grain_traits(grains jsonb) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(('x' || left(md5(g.key || E'\n' || g.value::text), 16))::bit(64)::bigint)
    FROM jsonb_each(CASE WHEN jsonb_typeof(grains) = 'object' THEN grains ELSE '{}' END) AS g
    WHERE jsonb_typeof(g.value) IN ('string', 'boolean')
$$;
-- What is kept of a minion: of one that tells thousands only that there are more (0), so that it cannot fill the index.
CREATE FUNCTION kept_traits(grains jsonb) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(t) > 2000 THEN '{0}'::bigint[] ELSE t END FROM (SELECT grain_traits(grains) AS t) AS told
$$;
-- Grains are large and stand beside the row: what lists sort and search by stands in it.
ALTER TABLE minion SET (toast_tuple_target = 512, fillfactor = 80);
ALTER TABLE minion
    ADD COLUMN known       boolean GENERATED ALWAYS AS (accepted > 0 OR (seen_at IS NOT NULL AND keys = 0)) STORED,
    ADD COLUMN os          text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'os', 255)) STORED,
    ADD COLUMN osfullname  text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'osfullname', 255)) STORED,
    ADD COLUMN saltversion text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'saltversion', 255)) STORED,
    ADD COLUMN host        text COLLATE "C" GENERATED ALWAYS AS (left(grains ->> 'host', 255)) STORED,
    ADD COLUMN ipv4        text COLLATE "C" GENERATED ALWAYS AS (grains ->> 'ipv4') STORED,
    ADD COLUMN ipv6        text COLLATE "C" GENERATED ALWAYS AS (grains ->> 'ipv6') STORED,
    ADD COLUMN shape       uuid GENERATED ALWAYS AS (grain_shape(grains)) STORED,
    ADD COLUMN traits      bigint[] GENERATED ALWAYS AS (kept_traits(grains)) STORED;
CREATE INDEX minion_by_id ON minion (minion_id COLLATE "C", cluster_id COLLATE "C");
CREATE INDEX minion_by_trait ON minion USING gin (traits);
CREATE INDEX link_by_minion ON link (minion_id COLLATE "C");
CREATE INDEX link_denied ON link (minion_id COLLATE "C") WHERE denied_fingerprint IS NOT NULL;
CREATE INDEX minion_key_alone ON minion_key (cluster_id, minion_id) WHERE NOT held;
CREATE INDEX minion_to_look_at ON minion (cluster_id, minion_id) WHERE differing OR waiting;
CREATE OR REPLACE VIEW known_minion AS
SELECT m.cluster_id, m.minion_id, m.created_at, m.grains, m.grains_at, m.seen_at, m.seen_by, m.evidence, m.silent_at,
       m.os, m.osfullname, m.saltversion, m.host, m.ipv4, m.ipv6, m.shape, m.traits, m.accepted
FROM minion m
WHERE m.known;
-- Who did it is asked for as often as when.
CREATE INDEX audit_by_account ON audit (account_uuid, day, start_time, audit_id);
CREATE INDEX audit_by_session ON audit (session_uuid, day, start_time, audit_id) WHERE session_uuid IS NOT NULL;
