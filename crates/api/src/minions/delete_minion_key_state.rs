//! `minions.delete_minion_key_state`: forget what one master told of its minions' keys.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteMinionKeyStateParams {
    /// Master id. Published as optional; without it there is nothing to do, which is said.
    #[serde(default)]
    pub master_id: Option<String>,
}

/// What was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeletedKeyState {
    /// Keys that the master had told of.
    pub deleted: u64,
}

method!(
    DeleteMinionKeyState,
    "minions",
    "delete_minion_key_state",
    DeleteMinionKeyStateParams,
    DeletedKeyState,
    "Forget what one master told of the keys of its minions. Keys on the master itself stay as they are; it tells them again when one of them changes, or when its plugin starts. What was decided about keys stays decided."
);
