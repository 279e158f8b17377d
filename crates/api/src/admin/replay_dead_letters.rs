//! `admin.replay_dead_letters`: dead letters are tried again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WhichDeadLetters;
use crate::method;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplayedDeadLetters {
    /// How many were taken, and are no dead letters any more.
    pub taken: u64,
    /// How many were refused again.
    pub refused: u64,
    /// The first 100 of those.
    pub results: Vec<RefusedDeadLetter>,
}

/// A letter that was refused again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedDeadLetter {
    /// Its id.
    pub dead_letter_id: i64,
    /// The new reason.
    pub reason: String,
}

method!(
    ReplayDeadLetters,
    "admin",
    "replay_dead_letters",
    WhichDeadLetters,
    ReplayedDeadLetters,
    "Try dead letters again, as if their master reported them now. What is taken is gone from the list; what is refused again stays, with the new reason and one more try. Doing it twice changes nothing."
);
