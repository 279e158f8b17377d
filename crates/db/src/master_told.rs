//! Tables `master_grains` and `master_plugin`: what is told of masters from outside, beside what their plugins say.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use crate::{DbError, Session};

/// How an update of a plugin goes, as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// State, as a word.
    pub status: String,
    /// The job that updates it.
    pub last_update_jid: Option<String>,
    /// For people.
    pub log_messages: Option<String>,
    /// The version that the plugin had then.
    pub plugin_version: String,
}

/// Saves all grains of a master, as JSON without NUL characters.
pub async fn save_grains(
    client: &impl Session,
    master_uuid: Uuid,
    grains: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/master_told/save_grains.sql");
    client.execute(sql, &[&master_uuid, &grains, &now]).await.map(drop)
}

/// Grains of masters, as JSON; masters without are left out.
pub async fn grains(client: &impl Session, masters: &[Uuid]) -> Result<HashMap<Uuid, String>, DbError> {
    let rows = client.query(include_str!("../queries/master_told/grains.sql"), &[&masters]).await?;
    rows.iter().map(|row| Ok((row.try_get("master_uuid")?, row.try_get("grains")?))).collect()
}

/// Records how an update of a plugin goes.
pub async fn save_plugin(
    client: &impl Session,
    master_uuid: Uuid,
    plugin: &Plugin,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/master_told/save_plugin.sql");
    let Plugin { status, last_update_jid, log_messages, plugin_version } = plugin;
    client
        .execute(sql, &[&master_uuid, status, last_update_jid, log_messages, plugin_version, &now])
        .await
        .map(drop)
}

/// What was recorded of each master's plugin.
pub async fn plugins(client: &impl Session) -> Result<HashMap<Uuid, Plugin>, DbError> {
    let rows = client.query(include_str!("../queries/master_told/plugins.sql"), &[]).await?;
    rows.iter()
        .map(|row| {
            let plugin = Plugin {
                status: row.try_get("status")?,
                last_update_jid: row.try_get("last_update_jid")?,
                log_messages: row.try_get("log_messages")?,
                plugin_version: row.try_get("plugin_version")?,
            };
            Ok((row.try_get("master_uuid")?, plugin))
        })
        .collect()
}
