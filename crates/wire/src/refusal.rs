//! How the server refuses a call of the plugin, with what the plugin should do about it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Body of every reply that is not 2xx.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What kind of refusal; decides what the plugin does next.
    pub code: RefusalCode,
    /// A sentence for the log of the master.
    pub message: String,
    /// The server's clock: with [`RefusalCode::Clock`] the plugin corrects its estimate and repeats.
    pub server_time: Timestamp,
}

/// Kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The signature is missing or wrong (401).
    Signature,
    /// The time in the request is too far from the server's (401): repeat with the corrected time.
    Clock,
    /// This key is not accepted (403): enrol again and wait.
    NotAccepted,
    /// The call cannot be understood (400); repeating it will not help.
    Malformed,
    /// Too large (413).
    TooLarge,
    /// Too many calls (429).
    TooMany,
    /// The database or another part is away (503): repeat later.
    Unavailable,
}
