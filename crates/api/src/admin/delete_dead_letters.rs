//! `admin.delete_dead_letters`: dead letters are thrown away.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WhichDeadLetters;
use crate::method;

/// What was thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeletedDeadLetters {
    /// How many.
    pub deleted: u64,
}

method!(
    DeleteDeadLetters,
    "admin",
    "delete_dead_letters",
    WhichDeadLetters,
    DeletedDeadLetters,
    "Throw dead letters away for good."
);
