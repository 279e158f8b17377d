//! `master.get_master_presence`: which masters are there.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Page, Presence, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMasterPresenceParams {
    /// This master, or a glob as `eu-*`.
    pub master_id: Option<String>,
    /// This cluster, or a glob.
    pub cluster_id: Option<String>,
    /// Masters with this presence.
    pub status: Option<Presence>,
    /// Default: `master_id`.
    pub sort_by: Option<MasterPresenceSort>,
    /// Largest first.
    pub reverse: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetMasterPresenceParams {
    fn default() -> Self {
        Self {
            master_id: None,
            cluster_id: None,
            status: None,
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
pub enum MasterPresenceSort {
    /// Master id.
    #[default]
    MasterId,
    /// Cluster id.
    ClusterId,
    /// Presence.
    Status,
    /// When its plugin last called.
    LastSeen,
}

/// Presence of one accepted master.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MasterPresence {
    /// The server's id of it.
    pub uuid: Uuid,
    /// Master id.
    pub master_id: String,
    /// Cluster; the master's own id for a single master.
    pub cluster_id: String,
    /// When its plugin last called.
    pub last_seen: Option<Timestamp>,
    /// Presence.
    pub status: Presence,
    /// Why (ours).
    pub reason: String,
    /// Seconds since the plugin last called (ours).
    pub age_s: Option<i64>,
}

method!(
    GetMasterPresence,
    "master",
    "get_master_presence",
    GetMasterPresenceParams,
    Page<MasterPresence>,
    "Presence of every accepted master, with its reason and age."
);
