DELETE FROM target_group WHERE tgt_uuid = ANY($1::uuid[]) AND NOT built_in
