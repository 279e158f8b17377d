-- All members of these groups are kept, where they are still of this version. A group that somebody is changing is left
-- out: it is to be resolved anew in any case, and nobody waits here.
WITH these AS (
    SELECT t.number FROM target_group t JOIN unnest($1::integer[], $2::bigint[]) AS r(number, version) USING (number, version)
    FOR NO KEY UPDATE OF t SKIP LOCKED
)
UPDATE target_group g SET resolved = g.version FROM these WHERE g.number = these.number
