DELETE FROM login_failure WHERE config_name = $1 AND username = $2 AND address = $3
