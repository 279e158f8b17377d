//! `admin.get_dead_letters`: records of plugins that could not be taken, and why.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetDeadLettersParams {
    /// This one.
    pub dead_letter_id: Option<i64>,
    /// Of this master, or a glob as `eu-*`.
    pub master_id: Option<String>,
    /// Of this kind: return, seen, …
    pub kind: Option<String>,
    /// Show what each record says; only with `dead_letter_id`.
    pub include_record: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetDeadLettersParams {
    fn default() -> Self {
        Self {
            dead_letter_id: None,
            master_id: None,
            kind: None,
            include_record: false,
            page: None,
            limit: 50,
        }
    }
}

/// A record that could not be taken, or not wholly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeadLetter {
    /// Its id.
    pub dead_letter_id: i64,
    /// Whose plugin sent it; null when that master was forgotten.
    pub master_id: Option<String>,
    /// Cluster of that master.
    pub cluster_id: Option<String>,
    /// What it is: return, seen, …; empty when that cannot be said.
    pub kind: String,
    /// Why it was not taken, at the last try.
    pub reason: String,
    /// When it came.
    pub at: Timestamp,
    /// How often it was tried.
    pub tries: i32,
    /// The last try, when there was a second one.
    pub tried_at: Option<Timestamp>,
    /// Epoch of its number.
    pub epoch: Uuid,
    /// Its number in the plugin's spool.
    pub n: i64,
    /// Bytes it takes here, compressed.
    pub size: i64,
    /// What it says; null unless asked for, and when it is longer than 1 MiB.
    pub record: Option<serde_json::Value>,
}

method!(
    GetDeadLetters,
    "admin",
    "get_dead_letters",
    GetDeadLettersParams,
    Page<DeadLetter>,
    "Records of plugins that could not be taken, oldest first, each with its reason. They never block the rest; admin.replay_dead_letters tries them again."
);
