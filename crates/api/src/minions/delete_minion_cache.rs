//! `minions.delete_minion_cache`: forget grains.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// Parameters, in positional order: at least one of the two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMinionCacheParams {
    /// Minions of this cluster, or last seen on this master.
    #[serde(default)]
    pub master_id: Option<String>,
    /// This minion.
    #[serde(default)]
    pub minion_id: Option<String>,
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeletedCache {
    /// Minions whose grains were forgotten.
    pub deleted: u64,
}

method!(
    DeleteMinionCache,
    "minions",
    "delete_minion_cache",
    DeleteMinionCacheParams,
    DeletedCache,
    "Forget the grains of a minion, or of all minions of a master or cluster. They come again when their master tells them next: when they change, or when its plugin starts."
);
