//! `minions.get_minion_presence`: which minions are there, on which master, and how we know.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Page, Presence, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMinionPresenceParams {
    /// Minions of this cluster, or last seen on this master.
    pub master_id: Option<String>,
    /// This minion, or a glob as `web*`.
    pub minion_id: Option<String>,
    /// Minions with this presence.
    pub status: Option<Presence>,
    /// Minions with this address among their `ipv4` grain, or a glob.
    pub ipv4: Option<String>,
    /// Minions whose `host` grain is this, or a glob.
    pub host: Option<String>,
    /// `master` is the master that the minion was last seen on, instead of the cluster's id.
    pub separate_master_cluster_ids: Option<bool>,
    /// Default: `minion`.
    pub sort_by: Option<MinionPresenceSort>,
    /// Largest first.
    pub reverse: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
    /// Minions of this cluster (ours).
    pub cluster_id: Option<String>,
    /// With `links`: what every master saw of each minion (ours).
    pub include_links: Option<bool>,
}

impl Default for GetMinionPresenceParams {
    fn default() -> Self {
        Self {
            master_id: None,
            minion_id: None,
            status: None,
            ipv4: None,
            host: None,
            separate_master_cluster_ids: None,
            sort_by: None,
            reverse: false,
            page: None,
            limit: super::hundred(),
            cluster_id: None,
            include_links: None,
        }
    }
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinionPresenceSort {
    /// Minion id.
    #[default]
    Minion,
    /// The `master` field.
    Master,
    /// Presence.
    Status,
    /// When it was last seen.
    Timestamp,
}

/// Presence of one minion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionPresence {
    /// Minion id.
    pub minion: String,
    /// The cluster's id (the master's for a single master); with `separate_master_cluster_ids` the master that
    /// it was last seen on, null when it never was.
    pub master: Option<String>,
    /// Presence.
    pub status: Presence,
    /// When it was last seen; null: never.
    pub timestamp: Option<Timestamp>,
    /// Cluster (ours).
    pub cluster_id: String,
    /// What was seen: start, auth, event, return, ping (ours).
    pub evidence: Option<String>,
    /// Seconds since then (ours).
    pub age_s: Option<i64>,
    /// What each master saw of it, when asked for with `include_links`: a hot-hot minion is on several at once (ours).
    #[serde(default)]
    pub links: Option<Vec<MinionLink>>,
}

/// A minion as one master sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionLink {
    /// Master.
    pub master_id: String,
    /// Whether it is there. Unknown also where it may have left for another master.
    pub status: Presence,
    /// When it was last seen there; null: never, it was only asked in vain.
    pub timestamp: Option<Timestamp>,
    /// What was seen: start, auth, event, return, ping.
    pub evidence: Option<String>,
    /// Seconds since then.
    pub age_s: Option<i64>,
}

method!(
    GetMinionPresence,
    "minions",
    "get_minion_presence",
    GetMinionPresenceParams,
    Page<MinionPresence>,
    "Presence of minions, one row per minion of a cluster, with the evidence and its age. A minion is present only with fresh evidence."
);
