-- $1 superuser, $2 account, $3 its roles, $4 group, $5 master, $6 role, $7 name pattern, $8 description pattern, $9 sort by,
-- $10 reverse, $11 limit, $12 offset. Only what may be read or discovered.
WITH found AS (
    SELECT t.*, saved_rights(t.tgt_uuid, t.owner_uuid, $1::boolean, $2::uuid, $3::text[]) AS rights
    FROM target_group t
    WHERE ($4::uuid IS NULL OR t.tgt_uuid = $4)
      AND ($5::text IS NULL
           OR EXISTS (SELECT FROM json_object_keys(t.tgt) AS place
                      WHERE place IN ('*', $5) OR place = (SELECT m.cluster_id FROM master m WHERE m.master_id = $5)))
      AND ($6::uuid IS NULL OR EXISTS (SELECT FROM saved_access a WHERE a.resource_uuid = t.tgt_uuid AND a.role_uuid = $6))
      AND ($7::text IS NULL OR t.name ILIKE $7)
      AND ($8::text IS NULL OR t.description ILIKE $8)
), visible AS (
    SELECT *, CASE $9::text WHEN 'desc' THEN description ELSE name END COLLATE "C" AS sort_key
    FROM found WHERE rights && '{read,discover}'
), ordered AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $10::boolean THEN sort_key END, CASE WHEN $10 THEN sort_key END DESC,
                                          name COLLATE "C") AS place
    FROM visible
), page AS (
    SELECT * FROM ordered ORDER BY place LIMIT $11::bigint OFFSET $12::bigint
)
SELECT (SELECT count(*) FROM visible) AS count, p.tgt_uuid, p.name, p.description, p.tgt::text AS tgt, p.built_in, p.version, p.rights,
       p.owner_uuid, o.username, o.config_name, saved_access_of(p.tgt_uuid) AS access
FROM (SELECT) AS always LEFT JOIN page p ON true LEFT JOIN account o ON o.account_uuid = p.owner_uuid
ORDER BY p.place
