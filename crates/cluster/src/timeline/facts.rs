//! What is known of one outcome, its deliveries and its witnesses.

use jiff::Timestamp;
use raas_api::{CommandKind, OutcomeState};
use uuid::Uuid;

/// All that is known of one outcome.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The command.
    pub asked: Asked,
    /// Minion; the master for a runner or wheel.
    pub minion_id: String,
    /// The state now.
    pub state: OutcomeState,
    /// When it is looked at again; none when it ended.
    pub deadline: Option<Timestamp>,
    /// Since when masters that were asked do not hold the minion.
    pub unheld_since: Option<Timestamp>,
    /// The plan did not expect it.
    pub unexpected: bool,
    /// What it was and is, oldest first.
    pub changes: Vec<Change>,
    /// Changes that are not kept, and after which of `changes` they came.
    pub left_out: (usize, usize),
    /// Deliveries and questions that have to do with it, oldest first.
    pub deliveries: Vec<Delivery>,
    /// Who saw its return.
    pub sightings: Vec<Sighting>,
}

/// What was asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// When.
    pub at: Timestamp,
    /// By whom; empty when it is not known.
    pub user: String,
    /// Here; otherwise it was seen on a master, where somebody else published it.
    pub here: bool,
    /// local, runner, wheel.
    pub cmd: CommandKind,
    /// Function.
    pub fun: String,
    /// The target in words.
    pub target: String,
}

/// What the outcome was from a moment on.
#[derive(Clone, Debug)]
pub struct Change {
    /// From when.
    pub at: Timestamp,
    /// State.
    pub state: OutcomeState,
    /// Why.
    pub reason: String,
    /// The master it had to do with.
    pub master_id: Option<String>,
    /// The return came after it had ended without it.
    pub late: bool,
    /// Two different returns came.
    pub ran_twice: bool,
}

/// A delivery of the job, or a question about it.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Id.
    pub delivery_id: Uuid,
    /// To whom.
    pub master_id: String,
    /// What.
    pub work: Work,
    /// What became of it, oldest first.
    pub steps: Vec<Step>,
}

/// What a delivery is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Publish to the target as asked for.
    Target,
    /// Publish to a list of so many minions.
    List(usize),
    /// Run on the master.
    Run,
    /// Ask the minion about the job.
    Ask,
}

/// What a delivery was from a moment on.
#[derive(Clone, Debug)]
pub struct Step {
    /// From when.
    pub at: Timestamp,
    /// queued, leased, claimed, started, published, handed_back, done, expired.
    pub state: String,
    /// Why.
    pub reason: String,
}

impl Delivery {
    /// It may still be carried out, or answered.
    pub(super) fn is_open(&self) -> bool {
        let now = self.steps.last().map_or("", |step| step.state.as_str());
        matches!(now, "queued" | "leased" | "claimed" | "started")
    }
}

/// A master that saw the return.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// When we heard of it.
    pub at: Timestamp,
    /// Which.
    pub master_id: String,
    /// It saw the value that counts; none when Salt had cut what it saw.
    pub same: Option<bool>,
    /// It was the first: its sighting decided the outcome.
    pub decided: bool,
}
