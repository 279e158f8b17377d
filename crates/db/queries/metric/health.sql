SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby, pg_database_size(current_database()) AS size,
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections,
       current_setting('max_connections')::bigint AS max_connections
