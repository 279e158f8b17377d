-- A master that was away is there again; the last ten times are kept.
UPDATE master SET came_at = (array_prepend($2, came_at))[1:10] WHERE master_uuid = $1
