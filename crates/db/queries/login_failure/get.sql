SELECT failures, last_at FROM login_failure WHERE config_name = $1 AND username = $2
