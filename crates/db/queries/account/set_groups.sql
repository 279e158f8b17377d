-- Exactly these groups, of any directory.
WITH wanted AS (SELECT group_uuid FROM account_group WHERE name = ANY($2::text[])),
     gone AS (DELETE FROM group_member WHERE account_uuid = $1 AND group_uuid NOT IN (SELECT group_uuid FROM wanted))
INSERT INTO group_member (group_uuid, account_uuid) SELECT group_uuid, $1 FROM wanted
ON CONFLICT DO NOTHING
