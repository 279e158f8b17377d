//! `master.set_master_key_state`: accept, reject or delete keys of masters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMasterKeyStateParams {
    /// Master ids.
    pub masters: Vec<String>,
    /// What to do.
    pub action: KeyActAction,
    /// Only the key with this fingerprint (ours). Without it: accept takes the key that waits, when there is only
    /// one and no other is accepted; reject takes the newest that waits, else the accepted one; delete takes all.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// What can be done to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyActAction {
    /// From now on commands and reports of the master are taken.
    Accept,
    /// From now on they are not.
    Reject,
    /// Forget the key; the master may offer it again.
    Delete,
}

/// What was done for one master.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MasterKeyAct {
    /// Master.
    pub master_id: String,
    /// Whether it was done (or was so already).
    pub done: bool,
    /// Fingerprint of the key that it was done to.
    pub fingerprint: Option<String>,
    /// A sentence: what was done, or why not.
    pub message: String,
}

method!(
    SetMasterKeyState,
    "master",
    "set_master_key_state",
    SetMasterKeyStateParams,
    Vec<MasterKeyAct>,
    "Accept, reject or delete keys of masters. Accepting binds master id, key, cluster id and kind. Where another key is accepted for the same master, or several wait, the fingerprint must be named; a key accepted before becomes rejected. The reply lists what was done for each master; when nothing could be done for any, the call fails."
);
