SELECT datistemplate FROM pg_database WHERE datname = $1
