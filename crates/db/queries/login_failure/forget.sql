DELETE FROM login_failure WHERE last_at < $1
