//! `minions.get_minion_cache`: grains as the masters know them.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMinionCacheParams {
    /// Minions of this cluster, or last seen on this master.
    pub master_id: Option<String>,
    /// This minion, or a glob as `web*`.
    pub minion_id: Option<String>,
    /// Only minions of this target group.
    pub tgt_uuid: Option<Uuid>,
    /// Default: `alter_time`. Lists of addresses go by their first 60 characters, other grains by their first 90.
    pub sort_by: Option<MinionCacheSort>,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
    /// Largest first.
    pub reverse: bool,
}

impl Default for GetMinionCacheParams {
    fn default() -> Self {
        Self {
            master_id: None,
            minion_id: None,
            tgt_uuid: None,
            sort_by: None,
            page: None,
            limit: super::hundred(),
            reverse: false,
        }
    }
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinionCacheSort {
    /// When the grains last came.
    #[default]
    AlterTime,
    /// Minion id.
    Minion,
    /// Cluster id.
    Master,
    /// Grain.
    Saltversion,
    /// Grain.
    Osfullname,
    /// Grain.
    Ipv4,
    /// Grain.
    Ipv6,
    /// Presence.
    Presence,
}

/// What is cached of one minion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CachedMinion {
    /// Its grains.
    pub grains: Map<String, Value>,
}

/// Cluster id (the master's id for a single master) → minion id → grains, in the order that was asked for
/// within each cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MinionCache(
    #[schemars(with = "HashMap<String, HashMap<String, CachedMinion>>")] pub Map<String, Value>,
);

method!(
    GetMinionCache,
    "minions",
    "get_minion_cache",
    GetMinionCacheParams,
    MinionCache,
    "Grains of minions as their masters cached them, by cluster and minion. Minions whose grains are not known are left out."
);
