DELETE FROM system_value WHERE key = $1
