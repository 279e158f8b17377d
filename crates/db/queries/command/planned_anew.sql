-- A delivery was planned anew: it now also goes to these masters, and the person who asked is told why.
WITH anew AS (
    UPDATE command
    SET masters_to = masters_to || ARRAY(SELECT m FROM unnest($2::text[]) m WHERE NOT m = ANY(masters_to)),
        warnings = warnings || ARRAY(SELECT w FROM unnest($3::text[]) w WHERE NOT w = ANY(warnings))
    WHERE jid = $1
    RETURNING jid, sched_uuid, masters_to
)
UPDATE schedule_run r SET masters = anew.masters_to
FROM anew
WHERE r.sched_uuid = anew.sched_uuid AND r.jid = anew.jid
