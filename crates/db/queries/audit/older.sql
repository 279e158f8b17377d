SELECT count(*) FROM audit WHERE day < $1
