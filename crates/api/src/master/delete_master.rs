//! `master.delete_master`: forget a master.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order: one of the two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMasterParams {
    /// Master id.
    #[serde(default)]
    pub master_id: Option<String>,
    /// The server's id of it.
    #[serde(default)]
    pub master_uuid: Option<Uuid>,
}

/// What was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeletedMaster {
    /// Master id.
    pub master_id: String,
    /// The server's id of it, when it had one.
    pub master_uuid: Option<Uuid>,
    /// How many of its keys were forgotten.
    pub keys: u64,
    /// The cluster, when this was its last master: it is forgotten with its minions.
    pub cluster_id: Option<String>,
}

method!(
    DeleteMaster,
    "master",
    "delete_master",
    DeleteMasterParams,
    DeletedMaster,
    "Forget a master, its keys and what it alone told of minions; history stays. The last master of a cluster takes the cluster with it. A master that still runs enrols again and waits as pending."
);
