//! The claim before a runner or wheel: the server commits "may have started" before it says go.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /plugin/v1/claim`. The same `claim_id` asked again gets the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The delivery about to be run.
    pub delivery_id: Uuid,
    /// Drawn by the plugin for this attempt, kept in memory only: a plugin that restarted cannot claim again.
    pub claim_id: Uuid,
}

/// Answer to [`Claim`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// Run it now, or leave it alone.
    pub go: bool,
    /// Why not.
    #[serde(default)]
    pub reason: Option<String>,
}
