//! `minions.save_minion_cache`: grains told by a program that acts for a master.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveMinionCacheParams {
    /// Master id.
    pub master_id: String,
    /// What changed.
    pub minions_delta: MinionsDelta,
}

/// Grains that changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinionsDelta {
    /// Minion id → all its grains.
    #[serde(default)]
    pub update: BTreeMap<String, Map<String, Value>>,
    /// Minions without grains from now on.
    #[serde(default)]
    pub delete: Vec<String>,
}

/// What was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SavedCache {
    /// Minions whose grains were written.
    pub updated: u64,
    /// Minions whose grains were forgotten.
    pub deleted: u64,
    /// Minions that this master holds no accepted key of: left out.
    pub ignored: Vec<String>,
}

method!(
    SaveMinionCache,
    "minions",
    "save_minion_cache",
    SaveMinionCacheParams,
    SavedCache,
    "For programs that act for a master: grains of its minions that changed. The plugin tells them by itself. Minions without an accepted key on that master are left out and named."
);
