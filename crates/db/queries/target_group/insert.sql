INSERT INTO target_group (tgt_uuid, name, description, tgt, owner_uuid, created_at, changed_at)
VALUES ($1, $2, $3, $4::text::json, $5, $6, $6)
ON CONFLICT (name) DO NOTHING
