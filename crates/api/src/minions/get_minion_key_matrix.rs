//! `minions.get_minion_key_matrix`: what is decided about each minion's key, and what each master of its cluster shows.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{MinionKeyState, Page, method, minions::MinionKeyAction};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetMinionKeyMatrixParams {
    /// This cluster, or the cluster of this master.
    pub cluster_id: Option<String>,
    /// This minion, or a glob as `web*`.
    pub minion_id: Option<String>,
    /// Only what an operator should look at: keys that wait and nobody decided about, conflicts, and what was changed by other hands.
    pub needs_decision: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
}

impl Default for GetMinionKeyMatrixParams {
    fn default() -> Self {
        Self { cluster_id: None, minion_id: None, needs_decision: false, page: None, limit: super::hundred() }
    }
}

/// The key of one minion in its cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionKeyRow {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// What is decided about it through raas; null: nothing.
    pub desired: Option<DesiredKey>,
    /// There are different keys for this id, accepted or waiting.
    pub conflict: bool,
    /// One per accepted master of the cluster, by id.
    pub cells: Vec<MinionKeyCell>,
}

/// What a cluster decided about a minion's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DesiredKey {
    /// What it is to be on every master.
    pub state: DesiredKeyState,
    /// SHA-256 of the key's PEM text, hex; null: absent.
    pub fingerprint: Option<String>,
    /// When it was decided.
    pub since: Timestamp,
    /// By whom.
    pub by: String,
    /// Somebody changed it on a master by other hands: nothing is written any more until an operator decides.
    pub suspended: Option<SuspendedKey>,
}

/// What a minion's key is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DesiredKeyState {
    /// The same key, accepted on every master.
    Accepted,
    /// Rejected wherever it is offered.
    Rejected,
    /// Deleted where it was; this row ends when all masters have done it.
    Absent,
}

/// Why a key is not written any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SuspendedKey {
    /// Since when.
    pub since: Timestamp,
    /// A clause: what was changed where.
    pub reason: String,
}

/// State of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyCellState {
    /// In `minions`.
    Accepted,
    /// In `minions_pre`.
    Pending,
    /// In `minions_rejected`.
    Rejected,
    /// In `minions_denied`, and nowhere else.
    Denied,
    /// The master has told its keys, and this is not among them.
    Absent,
    /// The master has not told its keys yet.
    Unknown,
}

impl KeyCellState {
    /// The word used in JSON, CLI and console.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Denied => "denied",
            Self::Absent => "absent",
            Self::Unknown => "unknown",
        }
    }
}

impl From<MinionKeyState> for KeyCellState {
    fn from(state: MinionKeyState) -> Self {
        match state {
            MinionKeyState::Accepted => Self::Accepted,
            MinionKeyState::Pending => Self::Pending,
            MinionKeyState::Rejected => Self::Rejected,
            MinionKeyState::Denied => Self::Denied,
        }
    }
}

/// A minion's key on one master.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionKeyCell {
    /// Master.
    pub master_id: String,
    /// What the master shows.
    pub state: KeyCellState,
    /// SHA-256 of the key's PEM text, hex.
    pub fingerprint: Option<String>,
    /// Since when the master shows that.
    pub since: Option<Timestamp>,
    /// Of another key that the master denied beside it.
    pub denied_fingerprint: Option<String>,
    /// What the master is asked for, and has not shown yet.
    pub change: Option<KeyChangeUnderWay>,
}

/// A change that is decided, and not seen on its master yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct KeyChangeUnderWay {
    /// What is to be done there.
    pub action: MinionKeyAction,
    /// Since when.
    pub since: Timestamp,
    /// When the master was last asked; null: it is away, and is asked when it comes back.
    pub tried_at: Option<Timestamp>,
    /// Why the master did not do it, the last time.
    pub error: Option<String>,
}

method!(
    GetMinionKeyMatrix,
    "minions",
    "get_minion_key_matrix",
    GetMinionKeyMatrixParams,
    Page<MinionKeyRow>,
    "Keys of minions as cluster state: per minion what is decided, and per master what it shows, with the change that is under way there and its last error."
);
