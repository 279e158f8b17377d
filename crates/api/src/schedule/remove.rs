//! `schedule.remove`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveParams {
    /// The schedule.
    pub uuid: Uuid,
}

method!(
    Remove,
    "schedule",
    "remove",
    RemoveParams,
    bool,
    "Delete a schedule. What it ran stays in the history."
);
