//! `minions.save_minion_key_state`: key lists told by a program that acts for a master.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveMinionKeyStateParams {
    /// Master id.
    pub master_id: String,
    /// All keys of the master.
    pub keys: KeyStateLists,
}

/// The lists of a Salt master, all four.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyStateLists {
    /// Accepted.
    pub minions: Vec<String>,
    /// Rejected.
    pub minions_rejected: Vec<String>,
    /// Pending.
    pub minions_pre: Vec<String>,
    /// Denied.
    pub minions_denied: Vec<String>,
}

/// What was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SavedKeyState {
    /// Keys whose state changed.
    pub changed: u64,
    /// Keys that the master has no more.
    pub gone: u64,
    /// Ids that were left out: the lists name no key, and the master never told the key of these.
    pub ignored: Vec<String>,
}

method!(
    SaveMinionKeyState,
    "minions",
    "save_minion_key_state",
    SaveMinionKeyStateParams,
    SavedKeyState,
    "For programs that act for a master: the state of all its minion keys. The plugin tells them by itself, with the keys. These lists hold no keys: states of keys that are known follow, ids whose key is not known are left out and named."
);
