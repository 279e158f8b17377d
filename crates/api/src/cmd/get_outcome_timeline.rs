//! `cmd.get_outcome_timeline`: the story of one answer, in time order.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{CommandKind, Jid, OutcomeState, TimelineKind, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetOutcomeTimelineParams {
    /// Jid.
    pub jid: Jid,
    /// Minion; the master for a runner or wheel.
    pub minion_id: String,
    /// Its cluster, where minions of several clusters have this id.
    #[serde(default)]
    pub cluster: Option<String>,
}

/// One outcome, and how it came to be what it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OutcomeTimeline {
    /// Jid.
    pub jid: Jid,
    /// Minion (the master itself for a runner or wheel).
    pub minion_id: String,
    /// Cluster.
    pub cluster_id: String,
    /// local, runner or wheel.
    pub cmd: CommandKind,
    /// Function.
    pub fun: String,
    /// State now.
    pub state: OutcomeState,
    /// Why it is in this state.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Master whose witness decided the outcome; until then the one it was given to.
    pub master_id: Option<String>,
    /// Return code.
    pub retcode: Option<i64>,
    /// The return came after the outcome had ended without it.
    pub late: bool,
    /// A different second return came: it ran twice.
    pub ran_twice: bool,
    /// Was not expected by the plan.
    pub unexpected: bool,
    /// Salt cut the return: only its mark is stored.
    pub trimmed: bool,
    /// How many masters saw the return.
    pub witnesses: i64,
    /// What happened, oldest first.
    pub entries: Vec<TimelineEntry>,
    /// What an open outcome waits for; null when it ended.
    pub waits_for: Option<WaitsFor>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimelineEntry {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// What it is about.
    pub kind: TimelineKind,
    /// What happened, for people.
    pub sentence: String,
    /// The master it has to do with.
    pub master_id: Option<String>,
    /// The delivery, of a delivery or a question.
    pub delivery_id: Option<Uuid>,
    /// The state from then on: of the outcome, or of the delivery.
    pub state: Option<String>,
    /// The reason as it is stored.
    pub reason: Option<String>,
    /// Whether a witness saw the return that counts; null when Salt had cut what it saw.
    pub same: Option<bool>,
    /// Of a change: the return came after the outcome had ended without it.
    pub late: bool,
    /// Of a change: a different second return had come.
    pub ran_twice: bool,
}

/// What an open outcome waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaitsFor {
    /// What for, for people.
    pub sentence: String,
    /// Until then; the outcome is looked at again at that moment.
    pub until: Timestamp,
}

method!(
    GetOutcomeTimeline,
    "cmd",
    "get_outcome_timeline",
    GetOutcomeTimelineParams,
    OutcomeTimeline,
    "The story of one answer, in time order: who asked, what was planned, each delivery to each master, each question and its answer, each change with its reason, each master that saw the return, and what an open outcome waits for."
);
