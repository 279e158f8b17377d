//! `master.save_master`: what is known of a master, told from outside.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order: the master by its id, its uuid, or both.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveMasterParams {
    /// Master id.
    #[serde(default)]
    pub master_id: Option<String>,
    /// Its cluster, when it is given, must be the one that it was accepted for.
    #[serde(default)]
    pub cluster_id: Option<String>,
    /// The server's id of it.
    #[serde(default)]
    pub master_uuid: Option<Uuid>,
    /// All its grains; null leaves them as they are.
    #[serde(default)]
    pub grains: Option<Map<String, Value>>,
}

method!(
    SaveMaster,
    "master",
    "save_master",
    SaveMasterParams,
    Uuid,
    "Save the grains of a master. Masters are made by accepting their keys only, which binds id, key, cluster and kind: an unknown id, or another cluster, is refused with what to do instead. Returns the master's uuid."
);
