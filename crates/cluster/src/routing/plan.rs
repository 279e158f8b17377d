//! What routing decides.

use raas_api::{OutcomeState, Reach};
use uuid::Uuid;

use super::Reached;

/// What will be done in one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One per master that gets something; a master may get two (expression, and a list beside it) never of the same minions.
    pub deliveries: Vec<PlannedDelivery>,
    /// One per expected answer.
    pub outcomes: Vec<PlannedOutcome>,
    /// Sentences for the caller.
    pub warnings: Vec<String>,
}

/// One master's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDelivery {
    /// The master.
    pub master_uuid: Uuid,
    /// What it publishes to.
    pub target: PlannedTarget,
    /// A second copy, for hot-hot minions that are proven on another master: published within seconds or not at all, so
    /// that it cannot reach a minion that started anew meanwhile and forgot the jid.
    pub second: bool,
}

impl PlannedDelivery {
    pub(crate) fn first(master_uuid: Uuid, target: PlannedTarget) -> Self {
        Self { master_uuid, target, second: false }
    }
}

/// What a master publishes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedTarget {
    /// The expression as asked for.
    Expression,
    /// Exactly these minions.
    List(Vec<String>),
    /// Nothing: a runner or wheel on the master itself.
    Master,
}

/// One expected answer, as it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedOutcome {
    /// Minion; the master's id for a runner or wheel.
    pub minion_id: String,
    /// The master it is expected through, when there is one.
    pub master_uuid: Option<Uuid>,
    /// `Queued`, or `NotDelivered` when no master can be reached.
    pub state: OutcomeState,
    /// How surely the job reaches it.
    pub reach: Reach,
    /// Why.
    pub reason: String,
}

impl PlannedOutcome {
    /// A minion, as far as the masters that are told reach it; expected through `first` when nothing speaks for another.
    pub(crate) fn told(minion_id: &str, first: Uuid, reached: &Reached) -> Self {
        Self {
            minion_id: minion_id.to_owned(),
            master_uuid: Some(reached.through.unwrap_or(first)),
            state: OutcomeState::Queued,
            reach: reached.reach,
            reason: format!("planned: {}", reached.why),
        }
    }

    /// A run on a live master.
    pub(crate) fn run(master_id: &str, master: Uuid) -> Self {
        Self {
            minion_id: master_id.to_owned(),
            master_uuid: Some(master),
            state: OutcomeState::Queued,
            reach: Reach::Proven,
            reason: format!("planned: to run on master {master_id:?}"),
        }
    }

    pub(crate) fn not_delivered(minion_id: &str, reason: &str) -> Self {
        Self {
            minion_id: minion_id.to_owned(),
            master_uuid: None,
            state: OutcomeState::NotDelivered,
            reach: Reach::Unreachable,
            reason: reason.to_owned(),
        }
    }
}
