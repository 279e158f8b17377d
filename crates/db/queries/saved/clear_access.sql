DELETE FROM saved_access WHERE resource_uuid = ANY($1::uuid[])
