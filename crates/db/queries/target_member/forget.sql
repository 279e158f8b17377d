-- Of a group that is gone.
DELETE FROM target_member WHERE group_no = $1
