SELECT master_uuid, status, last_update_jid, log_messages, plugin_version FROM master_plugin
