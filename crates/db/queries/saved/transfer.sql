-- Gives the groups ($1 = 'target_groups') or jobs of $2 to $3; only $4, when given. Their keys come back.
WITH groups AS (
    UPDATE target_group SET owner_uuid = $3
    WHERE $1::text = 'target_groups' AND owner_uuid = $2 AND ($4::uuid[] IS NULL OR tgt_uuid = ANY($4))
    RETURNING tgt_uuid AS resource_uuid
), jobs AS (
    UPDATE job SET owner_uuid = $3
    WHERE $1 = 'jobs' AND owner_uuid = $2 AND ($4 IS NULL OR job_uuid = ANY($4))
    RETURNING job_uuid AS resource_uuid
)
SELECT resource_uuid FROM groups UNION ALL SELECT resource_uuid FROM jobs
