-- Exactly these roles.
WITH wanted AS (SELECT role_uuid FROM role WHERE name = ANY($2::text[])),
     gone AS (DELETE FROM account_role WHERE account_uuid = $1 AND role_uuid NOT IN (SELECT role_uuid FROM wanted))
INSERT INTO account_role (account_uuid, role_uuid) SELECT $1, role_uuid FROM wanted
ON CONFLICT DO NOTHING
