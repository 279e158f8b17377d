//! `cluster.get_minion_checks`: what the last check of a cluster's minions found.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Jid, method};

/// Parameters of `cluster.get_minion_checks`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMinionChecksParams {
    /// Cluster.
    pub cluster_id: String,
}

/// The last check of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MinionCheck {
    /// Cluster.
    pub cluster_id: String,
    /// The job that asked last; null: never.
    pub jid: Option<Jid>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// Its answers are still awaited; what is found here is of the check before.
    pub open: bool,
    /// When the findings were made; null: never.
    pub judged_at: Option<Timestamp>,
    /// Seconds since then.
    pub age_s: Option<i64>,
    /// What is wrong, each with its fix and its minions.
    pub findings: Vec<MinionFinding>,
    /// Every minion that was asked, by id.
    pub minions: Vec<CheckedMinion>,
}

/// Something wrong with the configuration of minions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MinionFinding {
    /// Stable word, as `minions_retry_dns`.
    pub code: String,
    /// What is wrong, with the values.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// All minions it is true of.
    pub minions: Vec<String>,
}

/// What one minion said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedMinion {
    /// Minion.
    pub minion_id: String,
    /// When it was asked last.
    pub asked_at: Timestamp,
    /// What it said last, by the names of Salt's settings; null: nothing yet.
    pub settings: Option<Value>,
    /// When.
    pub said_at: Option<Timestamp>,
    /// Why it said nothing when it was asked last.
    pub problem: Option<String>,
}

method!(
    GetMinionChecks,
    "cluster",
    "get_minion_checks",
    GetMinionChecksParams,
    MinionCheck,
    "What the minions of a cluster said of their configuration when they were last asked (cluster.check_minions), what is wrong with it, and how old that is."
);
