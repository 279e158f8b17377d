//! `master.get_master_details`: key state, versions, plugin and presence of every master.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{MasterKeyState, Presence, cluster::Kind, method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMasterDetailsParams {
    /// This master, or a glob as `eu-*`.
    pub master_id: Option<String>,
    /// This cluster, or a glob.
    pub cluster_id: Option<String>,
    /// Masters whose key is in this state.
    #[schemars(schema_with = "super::optional_key_state")]
    pub state: Option<MasterKeyState>,
    /// Masters with this presence.
    pub status: Option<Presence>,
    /// Masters whose plugin is in one of these states.
    pub plugin_status: Option<Vec<PluginStatus>>,
    /// This version of the plugin, or a glob.
    pub plugin_version: Option<String>,
    /// This version of Salt, or a glob.
    pub salt_version: Option<String>,
    /// Default: `master_id`.
    pub sort_by: Option<MasterDetailsSort>,
    /// Largest first.
    pub reverse: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetMasterDetailsParams {
    fn default() -> Self {
        Self {
            master_id: None,
            cluster_id: None,
            state: None,
            status: None,
            plugin_status: None,
            plugin_version: None,
            salt_version: None,
            sort_by: None,
            reverse: false,
            page: None,
            limit: super::hundred(),
        }
    }
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MasterDetailsSort {
    /// Master id.
    #[default]
    MasterId,
    /// Cluster id.
    ClusterId,
    /// State of the key.
    State,
    /// Presence.
    Status,
    /// When its plugin last called.
    LastSeen,
    /// Version of the plugin.
    PluginVersion,
    /// Version of Salt.
    SaltVersion,
}

words! {
    /// Whether the plugin is the one this server was built with, or what was recorded of its update.
    PluginStatus {
        /// Same version as the server.
        UpToDate = "up_to_date",
        /// Another version.
        NeedsUpdate = "needs_update",
        /// Another version, and the master is not present.
        CannotUpdateDisconnected = "cannot_update_disconnected",
        /// Only as recorded.
        CannotUpdatePluginOld = "cannot_update_plugin_old",
        /// Only as recorded.
        CannotUpdateSaltOld = "cannot_update_salt_old",
        /// The plugin did not say its version.
        CannotUpdateReasonUnknown = "cannot_update_reason_unknown",
        /// Only as recorded.
        Upgrading = "upgrading",
        /// Only as recorded.
        Restarting = "restarting",
        /// Only as recorded.
        UpgradeFailed = "upgrade_failed",
        /// Only as recorded.
        RollbackFailedDisconnected = "rollback_failed_disconnected",
    }
}

/// One master.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MasterDetails {
    /// Master id.
    pub master_id: String,
    /// State of its key: of the accepted one, else of the newest.
    #[schemars(schema_with = "super::key_state")]
    pub state: MasterKeyState,
    /// Why the key is in that state.
    pub state_reason: String,
    /// Cluster; the master's own id for a single master.
    pub cluster_id: String,
    /// Kind of cluster that it declares.
    pub kind: Kind,
    /// Version of Salt.
    pub salt_version: Option<String>,
    /// Version of the plugin.
    pub plugin_version: Option<String>,
    /// Whether the plugin fits this server.
    pub plugin_status: PluginStatus,
    /// Job of the last update of the plugin, as recorded.
    pub last_update_jid: Option<String>,
    /// Presence.
    pub presence_status: Presence,
    /// Why the presence is what it is (ours).
    pub presence_reason: String,
    /// When its plugin last called.
    pub last_seen: Option<Timestamp>,
    /// The server's id of it; null until accepted.
    pub uuid: Option<Uuid>,
    /// Fingerprint of its key (ours).
    pub fingerprint: String,
    /// Host name (ours).
    pub host: Option<String>,
    /// `zeromq`, `tcp` or `ws` (ours).
    pub transport: Option<String>,
    /// SHA-256 of the Salt master's own public key (ours).
    pub salt_key_fingerprint: Option<String>,
    /// SHA-256 of the key it signs with (ours).
    pub signing_key_fingerprint: Option<String>,
    /// Its clock minus ours, in milliseconds (ours).
    pub clock_skew_ms: Option<i64>,
    /// Records waiting in its spool (ours).
    pub spool_records: Option<i64>,
    /// Age of the oldest of them, in seconds (ours).
    pub spool_oldest_s: Option<i64>,
    /// Minion connections that it counts (ours).
    pub connections: Option<i32>,
    /// Times of the last 7 days in which it could not record everything, newest first (ours).
    pub gaps: Vec<MasterGap>,
}

/// A time in which a master could not record everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MasterGap {
    /// First moment that may be missing.
    pub from: Timestamp,
    /// Last one.
    pub to: Timestamp,
    /// How many records were dropped, when known.
    pub count: Option<i64>,
    /// A sentence.
    pub why: String,
}

method!(
    GetMasterDetails,
    "master",
    "get_master_details",
    GetMasterDetailsParams,
    crate::Page<MasterDetails>,
    "Masters with the state of their key, versions, plugin and presence: accepted ones and those that wait."
);
