-- New keys since a moment: what the limit of enrolments counts.
SELECT count(*) AS count FROM master_key WHERE created_at > $1 AND state <> 'accepted'
