//! `minions.get_minion_key_state`: the minion keys of every master.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{MinionKeyState, Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMinionKeyStateParams {
    /// Keys on this master, or on the masters of this cluster.
    pub master_id: Option<String>,
    /// Keys of this minion, or a glob as `web*`.
    pub minion_id: Option<String>,
    /// Keys in this state.
    pub key_state: Option<MinionKeyState>,
    /// Default: `minion_id`.
    pub sort_by: Option<MinionKeySort>,
    /// Largest first.
    pub reverse: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetMinionKeyStateParams {
    fn default() -> Self {
        Self {
            master_id: None,
            minion_id: None,
            key_state: None,
            sort_by: None,
            reverse: false,
            page: None,
            limit: super::fifty(),
        }
    }
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MinionKeySort {
    /// Master id.
    MasterId,
    /// Minion id.
    #[default]
    MinionId,
    /// State.
    KeyState,
}

/// A key of one minion on one master. A denied key stands beside the one that was there first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionKey {
    /// Master that has it.
    pub master_id: String,
    /// Minion.
    pub minion_id: String,
    /// State.
    pub key_state: MinionKeyState,
    /// Cluster of the master (ours).
    pub cluster_id: String,
    /// SHA-256 of the key's PEM text, hex (ours).
    pub fingerprint: Option<String>,
    /// When this master first had it so (ours).
    pub since: Option<Timestamp>,
    /// The cluster's masters hold different accepted or pending keys for this id (ours).
    pub conflict: bool,
}

method!(
    GetMinionKeyState,
    "minions",
    "get_minion_key_state",
    GetMinionKeyStateParams,
    Page<MinionKey>,
    "Minion keys as each master has them."
);
