//! What `/stream` says: that something changed, never what. What is so now, the methods say.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One change, numbered by the server that tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiveChange {
    /// Its number.
    pub number: u64,
    /// clusters, masters, minions, commands, outcomes.
    pub topic: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<String>,
    /// Which job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jid: Option<String>,
}
