-- What another machine under this master's id told.
DELETE FROM link WHERE master_uuid = $1
