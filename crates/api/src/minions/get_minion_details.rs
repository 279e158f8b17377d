//! `minions.get_minion_details`: minions with their grains, searched by grains.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{Page, Presence, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMinionDetailsParams {
    /// Part of the id of the cluster, or of the master that they were last seen on; a glob, as `eu-*`, matches all of it.
    pub master_id: Option<String>,
    /// Part of the minion's id; a glob, as `web*`, matches all of it.
    pub minion_id: Option<String>,
    /// Only minions of this target group.
    pub tgt_uuid: Option<Uuid>,
    /// Grain → value: all must be so. A value inside of a grain that is a list is given as a list: `{"ipv4": ["10.0.0.1"]}`.
    pub grains: Option<Map<String, Value>>,
    /// A grain, or `master_id`; default: the minion's id. `ipv4` and `ipv6` go by their first 60 characters; `os`, `osfullname`,
    /// `saltversion` and `host` by their first 90.
    pub sort_by: Option<String>,
    /// Largest first.
    pub reverse: Option<bool>,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
    /// Not made by this server: only null.
    pub response_file: Option<String>,
    /// `master_id` and `minion_id` are whole ids.
    pub exact_match: Option<bool>,
}

impl Default for GetMinionDetailsParams {
    fn default() -> Self {
        Self {
            master_id: None,
            minion_id: None,
            tgt_uuid: None,
            grains: None,
            sort_by: None,
            reverse: None,
            page: None,
            limit: super::fifty(),
            response_file: None,
            exact_match: None,
        }
    }
}

/// One minion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionDetails {
    /// Minion.
    pub minion_id: String,
    /// Master that it was last seen on.
    pub master_id: Option<String>,
    /// Cluster; the master's own id for a single master.
    pub cluster_id: String,
    /// Presence.
    pub status: Presence,
    /// When it was last seen.
    pub last_seen: Option<Timestamp>,
    /// Its grains; empty when they are not known.
    pub grains: Map<String, Value>,
    /// When they last came.
    pub alter_time: Option<Timestamp>,
}

method!(
    GetMinionDetails,
    "minions",
    "get_minion_details",
    GetMinionDetailsParams,
    Page<MinionDetails>,
    "Minions with their grains and presence, filtered by ids and by values of grains, sorted by any grain."
);
