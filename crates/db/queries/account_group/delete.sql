DELETE FROM account_group WHERE group_uuid = $1
