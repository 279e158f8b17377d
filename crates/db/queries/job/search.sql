-- $1 superuser, $2 account, $3 its roles, $4 job, $5 kind, $6 group, $7 also those of no group, $8 role, $9 masters,
-- $10 name pattern, $11 description pattern, $12 function pattern, $13 sort by, $14 reverse, $15 limit, $16 offset.
-- Only what may be read or discovered.
WITH found AS (
    SELECT j.*, saved_rights(j.job_uuid, j.owner_uuid, $1::boolean, $2::uuid, $3::text[]) AS rights
    FROM job j
    WHERE ($4::uuid IS NULL OR j.job_uuid = $4)
      AND ($5::text IS NULL OR j.cmd = $5)
      AND ($6::uuid IS NULL OR j.tgt_uuid = $6 OR ($7::boolean AND j.tgt_uuid IS NULL))
      AND ($8::uuid IS NULL OR EXISTS (SELECT FROM saved_access a WHERE a.resource_uuid = j.job_uuid AND a.role_uuid = $8))
      AND ($9::text[] IS NULL OR j.masters && $9)
      AND ($10::text IS NULL OR j.name ILIKE $10)
      AND ($11::text IS NULL OR j.description ILIKE $11)
      AND ($12::text IS NULL OR j.fun ILIKE $12)
), visible AS (
    SELECT *, CASE $13::text WHEN 'desc' THEN description WHEN 'cmd' THEN cmd WHEN 'fun' THEN fun ELSE name END COLLATE "C" AS sort_key
    FROM found WHERE rights && '{read,discover}'
), ordered AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN NOT $14::boolean THEN sort_key END, CASE WHEN $14 THEN sort_key END DESC,
                                          name COLLATE "C") AS place
    FROM visible
), page AS (
    SELECT * FROM ordered ORDER BY place LIMIT $15::bigint OFFSET $16::bigint
)
SELECT (SELECT count(*) FROM visible) AS count, p.job_uuid, p.name, p.description, p.cmd, p.fun, p.arg::text AS arg, p.masters,
       p.tgt_uuid, t.name AS tgt_name, p.rights, p.owner_uuid, o.username, o.config_name, saved_access_of(p.job_uuid) AS access
FROM (SELECT) AS always LEFT JOIN page p ON true
LEFT JOIN account o ON o.account_uuid = p.owner_uuid
LEFT JOIN target_group t ON t.tgt_uuid = p.tgt_uuid
ORDER BY p.place
