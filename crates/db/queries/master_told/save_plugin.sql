INSERT INTO master_plugin (master_uuid, status, last_update_jid, log_messages, plugin_version, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (master_uuid) DO UPDATE
SET status = EXCLUDED.status, last_update_jid = EXCLUDED.last_update_jid, log_messages = EXCLUDED.log_messages,
    plugin_version = EXCLUDED.plugin_version, recorded_at = EXCLUDED.recorded_at
