INSERT INTO master_grains (master_uuid, grains, saved_at) VALUES ($1, $2::text::jsonb, $3)
ON CONFLICT (master_uuid) DO UPDATE SET grains = EXCLUDED.grains, saved_at = EXCLUDED.saved_at
