//! `minions.get_minion_grain_values`: which values one grain has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMinionGrainValuesParams {
    /// Name of the grain.
    pub key: String,
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
    GetMinionGrainValues,
    "minions",
    "get_minion_grain_values",
    GetMinionGrainValuesParams,
    Vec<Value>,
    "Values that one grain has on minions, each once."
);
