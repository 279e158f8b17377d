//! Which masters get a command, and what each of them is asked to publish (design §5).

mod facts;
mod local;
mod plan;
mod reach;
mod run;

pub use facts::{ClusterFacts, MasterFacts, MinionLink, MinionLinks};
pub use local::{LocalRequest, plan_local};
pub use plan::{Plan, PlannedDelivery, PlannedOutcome, PlannedTarget};
pub use reach::{Reached, reach, why_nobody_holds};
pub use run::{RunRequest, plan_run};
