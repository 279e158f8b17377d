//! `cmd.plan_cmd`: what `cmd.route_cmd` would do with the same parameters. Sends and stores nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RouteCmdParams, RouteTarget};
use crate::{CommandKind, PlannedWork, cluster::Kind, method};

/// What would be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CmdPlan {
    /// local, runner or wheel.
    pub cmd: CommandKind,
    /// Function.
    pub fun: String,
    /// One per cluster (or master) that was asked for.
    pub parts: Vec<PlannedPart>,
}

/// What would be done in one cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedPart {
    /// Cluster.
    pub cluster_id: String,
    /// Its kind.
    pub kind: Kind,
    /// The target as asked for; null for a runner or wheel.
    pub target: Option<RouteTarget>,
    /// False: the server cannot say of every minion whether the target means it (its grains, pillar or keys are not known
    /// here). The masters decide, and whom they name is expected too.
    pub resolved: bool,
    /// Which masters would publish (or run) it.
    pub masters: Vec<PlannedMaster>,
    /// Minions with fresh evidence on a live master that would publish to them. For a runner or wheel: live masters.
    pub proven: Expectation,
    /// Minions that a live master may hold, without fresh evidence.
    pub assumed: Expectation,
    /// Minions that no live master may hold. For a runner or wheel: masters that cannot run it.
    pub unreachable: Expectation,
    /// For a runner or wheel: present minions that the master that runs it does not hold.
    pub not_seen: Expectation,
}

/// One master's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedMaster {
    /// Master.
    pub master_id: String,
    /// What it would do.
    pub work: PlannedWork,
    /// A second copy, for hot-hot minions that are proven on another master: published within seconds or not at all.
    pub second: bool,
    /// Of `list`: how many minions it would publish to.
    pub list_count: i64,
    /// Of `list`: the first 1000 of them.
    pub list: Vec<String>,
}

/// Some minions of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Expectation {
    /// How many in all.
    pub count: i64,
    /// The first 1000 of them.
    pub minions: Vec<PlannedMinion>,
}

/// One minion of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedMinion {
    /// Minion; the master for a runner or wheel.
    pub minion_id: String,
    /// The master through which its answer is expected.
    pub master_id: Option<String>,
    /// Why it counts as proven, assumed or unreachable.
    pub reason: String,
}

method!(
    PlanCmd,
    "cmd",
    "plan_cmd",
    RouteCmdParams,
    CmdPlan,
    "What `cmd.route_cmd` would do with the same parameters, by the same rules: which masters would publish what, and how much of the target is proven, assumed or unreachable. Sends and stores nothing."
);
