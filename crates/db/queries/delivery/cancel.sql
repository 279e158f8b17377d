-- What no master has taken yet is certainly not carried out; a run that was given out is claimed before it starts.
UPDATE delivery SET state = 'handed_back', reason = $3, changed_at = $2
WHERE delivery_id = ANY($1::uuid[]) AND (state = 'queued' OR (state = 'leased' AND work = 'run'))
