//! `master.get_plugin_status`: the plugins of masters.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PluginStatus;
use crate::{Page, Presence, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetPluginStatusParams {
    /// This master, or a glob as `eu-*`.
    pub master_id: Option<String>,
    /// This cluster, or a glob.
    pub cluster_id: Option<String>,
    /// Plugins in one of these states.
    pub plugin_status: Option<Vec<PluginStatus>>,
    /// Default: `master_id`.
    pub sort_by: Option<PluginStatusSort>,
    /// Largest first.
    pub reverse: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetPluginStatusParams {
    fn default() -> Self {
        Self {
            master_id: None,
            cluster_id: None,
            plugin_status: None,
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
pub enum PluginStatusSort {
    /// Master id.
    #[default]
    MasterId,
    /// Cluster id.
    ClusterId,
    /// State of the plugin.
    PluginStatus,
    /// When it last called.
    LastSeen,
}

/// The plugin of one master.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MasterPlugin {
    /// Master id.
    pub master_id: String,
    /// Cluster; the master's own id for a single master.
    pub cluster_id: String,
    /// Presence of the master.
    pub status: Presence,
    /// When its plugin last called.
    pub last_seen: Option<Timestamp>,
    /// Version of the plugin.
    pub plugin_version: Option<String>,
    /// What was recorded with master.set_plugin_status while the plugin had this version; else by comparing versions.
    pub plugin_status: PluginStatus,
    /// Job of the last update, as recorded.
    pub last_update_jid: Option<String>,
    /// What was recorded with it.
    pub log_messages: Option<String>,
}

method!(
    GetPluginStatus,
    "master",
    "get_plugin_status",
    GetPluginStatusParams,
    Page<MasterPlugin>,
    "The plugins of accepted masters: whether each is the one this server was built with, and what was recorded of its updates."
);
