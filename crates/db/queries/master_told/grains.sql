SELECT master_uuid, grains::text AS grains FROM master_grains WHERE master_uuid = ANY($1::uuid[])
