//! The state of a master's plugin: what was recorded of its update, else what the versions say.

use std::collections::HashMap;

use raas_api::{Presence, master::PluginStatus};
use raas_db::{
    master::Master,
    master_told::{self, Plugin},
};
use uuid::Uuid;

/// What was recorded, by master.
pub(super) type Recorded = HashMap<Uuid, master_told::Plugin>;

/// What was recorded of this master's plugin, and the state that it has now. A record holds for one version only.
pub(super) fn of<'a>(
    recorded: &'a Recorded,
    master: &Master,
    presence: Presence,
) -> (PluginStatus, Option<&'a Plugin>) {
    let version = master.facts.plugin_version.as_str();
    let record = recorded.get(&master.master_uuid);
    let holds = record.filter(|record| record.plugin_version == version);
    let status = holds.and_then(|record| PluginStatus::from_word(&record.status));
    (status.unwrap_or_else(|| by_version(version, presence)), record)
}

/// Without a record.
pub(super) fn by_version(version: &str, presence: Presence) -> PluginStatus {
    match version {
        "" => PluginStatus::CannotUpdateReasonUnknown,
        env!("CARGO_PKG_VERSION") => PluginStatus::UpToDate,
        _ if presence == Presence::Present => PluginStatus::NeedsUpdate,
        _ => PluginStatus::CannotUpdateDisconnected,
    }
}
