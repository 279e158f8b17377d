//! `minions.get_minion_grain_keys`: which grains there are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMinionGrainKeysParams {
    /// Minions of this cluster, or last seen on this master.
    #[serde(default)]
    pub master_id: Option<String>,
    /// This minion, or a glob as `web*`.
    #[serde(default)]
    pub minion_id: Option<String>,
    /// Minions of this target group.
    #[serde(default)]
    pub tgt_uuid: Option<Uuid>,
}

method!(
    GetMinionGrainKeys,
    "minions",
    "get_minion_grain_keys",
    GetMinionGrainKeysParams,
    Vec<String>,
    "Names of the grains that minions have, each once."
);
