//! What a plugin says of itself each time it asks for work. Not spooled: only the newest counts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the Salt master beside the plugin is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SaltState {
    /// Its request port answered `ping`.
    Answering,
    /// It takes connections but does not answer (frozen, overloaded).
    Silent,
    /// Its main process died and only workers are left.
    Orphaned,
    /// Nothing is there.
    Gone,
}

impl SaltState {
    /// The word used in SQL, JSON, CLI and console.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answering => "answering",
            Self::Silent => "silent",
            Self::Orphaned => "orphaned",
            Self::Gone => "gone",
        }
    }

    /// The state named by `word`, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Answering, Self::Silent, Self::Orphaned, Self::Gone]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// Query of `GET /plugin/v1/commands`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// How long the server may hold the call when there is no work, in milliseconds.
    pub wait_ms: u32,
    /// Epoch of the spool.
    pub epoch: Uuid,
    /// The master's own clock.
    pub clock: Timestamp,
    /// State of Salt.
    pub salt: SaltState,
    /// Records waiting in the spool.
    pub spool_records: u64,
    /// Age of the oldest of them, in seconds.
    pub spool_oldest_s: u64,
    /// Established connections on the publish port, when they can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
}
