//! `minions.set_minion_key_state`: the cluster key act: one decision, written on every master of the cluster.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMinionKeyStateParams {
    /// What to do.
    pub state: MinionKeyAction,
    /// Pairs of master or cluster id, and minion id.
    pub minions: Vec<(String, String)>,
    /// Reject also accepted keys.
    #[serde(default)]
    pub include_accepted: Option<bool>,
    /// Accept also rejected keys.
    #[serde(default)]
    pub include_rejected: Option<bool>,
    /// Accept or reject also denied keys.
    #[serde(default)]
    pub include_denied: Option<bool>,
}

/// What to do with a minion's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MinionKeyAction {
    /// The same key, accepted on every master of the cluster, also where the minion never called.
    Accept,
    /// Forget it on every master.
    Delete,
    /// Refuse it on every master that has it, or is offered it later. The minion process exits.
    Reject,
}

/// What was begun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetMinionKeyStateReply {
    /// One entry per pair, in their order.
    pub results: Vec<MinionKeyAct>,
    /// The deliveries on their way, one per master.
    pub deliveries: Vec<Uuid>,
}

/// What was begun for one minion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MinionKeyAct {
    /// Cluster; null when the first half of the pair names neither a master nor a cluster.
    pub cluster_id: Option<String>,
    /// Minion.
    pub minion_id: String,
    /// Whether masters were asked (or it was so already).
    pub done: bool,
    /// Masters that were asked.
    pub masters: Vec<String>,
    /// Fingerprint of the key.
    pub fingerprint: Option<String>,
    /// A sentence: what was begun, or why not.
    pub message: String,
}

method!(
    SetMinionKeyState,
    "minions",
    "set_minion_key_state",
    SetMinionKeyStateParams,
    SetMinionKeyStateReply,
    "Accept, reject or delete minion keys on every master of their cluster. The decision is remembered: a master that is away or joins later carries it out, too. By default pending keys are acted on. Different keys for one minion id within a cluster block accepting; the message names both fingerprints."
);
