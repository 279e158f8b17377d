//! What routing decides.

use raas_api::OutcomeState;
use uuid::Uuid;

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
    /// Why.
    pub reason: String,
}

impl PlannedOutcome {
    pub(crate) fn queued(minion_id: &str, master: Uuid) -> Self {
        Self {
            minion_id: minion_id.to_owned(),
            master_uuid: Some(master),
            state: OutcomeState::Queued,
            reason: "planned".to_owned(),
        }
    }

    pub(crate) fn not_delivered(minion_id: &str, reason: &str) -> Self {
        Self {
            minion_id: minion_id.to_owned(),
            master_uuid: None,
            state: OutcomeState::NotDelivered,
            reason: reason.to_owned(),
        }
    }
}
