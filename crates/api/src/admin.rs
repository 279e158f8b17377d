//! `admin.*`: what keeps the database in order. One file per method; here only what several of them share.

mod delete_dead_letters;
mod get_dead_letters;
mod replay_dead_letters;
mod trim_database;

pub use delete_dead_letters::{DeleteDeadLetters, DeletedDeadLetters};
pub use get_dead_letters::{DeadLetter, GetDeadLetters, GetDeadLettersParams};
pub use replay_dead_letters::{RefusedDeadLetter, ReplayDeadLetters, ReplayedDeadLetters};
pub use trim_database::{TrimDatabase, TrimDatabaseParams, Trimmed, TrimmedJobs};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which dead letters are meant. At least one must be given; several narrow it down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhichDeadLetters {
    /// These.
    pub dead_letter_ids: Option<Vec<i64>>,
    /// Of this master, or a glob as `eu-*`. `*` means of every master.
    pub master_id: Option<String>,
    /// Of this kind: return, seen, …
    pub kind: Option<String>,
}
