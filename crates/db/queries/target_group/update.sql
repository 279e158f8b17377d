UPDATE target_group SET name = $2, description = $3, tgt = $4::text::json, changed_at = $5 WHERE tgt_uuid = $1 AND NOT built_in
