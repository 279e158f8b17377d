INSERT INTO job (job_uuid, name, description, cmd, fun, arg, masters, tgt_uuid, owner_uuid, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6::text::json, $7, $8, $9, $10, $10)
ON CONFLICT (name) DO NOTHING
