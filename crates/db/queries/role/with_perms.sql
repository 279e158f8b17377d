-- Roles that allow one of these.
SELECT name FROM role WHERE perms && $1::text[] ORDER BY name COLLATE "C"
