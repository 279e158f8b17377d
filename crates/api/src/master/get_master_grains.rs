//! `master.get_master_grains`: grains of masters.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order: exactly one of the first two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMasterGrainsParams {
    /// Master id.
    #[serde(default)]
    pub master_id: Option<String>,
    /// The server's id of it.
    #[serde(default)]
    pub master_uuid: Option<Uuid>,
    /// Only this master; else all masters of its cluster.
    #[serde(default)]
    pub split_cluster: bool,
}

/// Grains of one master.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MasterGrains {
    /// Its grains.
    pub grains: Map<String, Value>,
}

method!(
    GetMasterGrains,
    "master",
    "get_master_grains",
    GetMasterGrainsParams,
    BTreeMap<String, MasterGrains>,
    "Grains of a master, or of every master of its cluster, by master id: what master.save_master was given, and what the plugin says of itself (id, host, saltversion) where that is not in it."
);
