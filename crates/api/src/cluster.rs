//! `cluster.*`: the methods about clusters, ours alone. Here `get_clusters`; the others have a file each.

mod check_minions;
mod get_minion_checks;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{MasterKeyState, Page, Presence, method};

pub use check_minions::{CheckMinions, CheckMinionsParams, MinionCheckStarted};
pub use get_minion_checks::{
    CheckedMinion, GetMinionChecks, GetMinionChecksParams, MinionCheck, MinionFinding,
};

/// Parameters of `cluster.get_clusters`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetClustersParams {
    /// Only this cluster.
    #[serde(default)]
    pub cluster_id: Option<String>,
    /// Only this kind: failover, hot, single, native.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// From 0.
    #[serde(default)]
    pub page: Option<u32>,
    /// -1 for all.
    #[serde(default = "fifty")]
    pub limit: i64,
}

impl Default for GetClustersParams {
    fn default() -> Self {
        Self { cluster_id: None, kind: None, page: None, limit: fifty() }
    }
}

fn fifty() -> i64 {
    50
}

/// Kind of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A minion is on one master at a time; a job goes to every master.
    Failover,
    /// A minion is on every master at once, and runs a job once, whichever of them sends it.
    Hot,
    /// One master alone.
    Single,
    /// Salt's own cluster.
    Native,
}

impl Kind {
    /// The word used everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failover => "failover",
            Self::Hot => "hot",
            Self::Single => "single",
            Self::Native => "native",
        }
    }
}

impl From<raas_wire::ClusterKind> for Kind {
    fn from(kind: raas_wire::ClusterKind) -> Self {
        match kind {
            raas_wire::ClusterKind::Failover => Self::Failover,
            raas_wire::ClusterKind::Hot => Self::Hot,
            raas_wire::ClusterKind::Single => Self::Single,
            raas_wire::ClusterKind::Native => Self::Native,
        }
    }
}

/// One cluster: a group, as the console shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cluster {
    /// Cluster id; the master id for a single master.
    pub cluster_id: String,
    /// Kind.
    pub kind: Kind,
    /// Its masters, by id.
    pub masters: Vec<ClusterMaster>,
    /// Its minions, counted once each.
    pub minions: MinionCounts,
    /// What is wrong, each with its fix.
    pub warnings: Vec<Warning>,
}

/// One master of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterMaster {
    /// Master id.
    pub master_id: String,
    /// State of its key.
    #[schemars(with = "String")]
    pub state: MasterKeyState,
    /// Presence.
    pub status: Presence,
    /// Why the status is what it is, as `its plugin called 2 s ago, Salt answers`.
    pub reason: String,
    /// When its plugin last called.
    pub last_seen: Option<Timestamp>,
    /// How many present minions are on it now.
    pub minions: i64,
}

/// Minions of a cluster by presence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MinionCounts {
    /// With fresh evidence.
    pub present: i64,
    /// Did not answer.
    pub lost: i64,
    /// Cannot be said.
    pub unknown: i64,
}

/// Something wrong with a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// Stable word, as `salt_keys_differ`.
    pub code: String,
    /// What is wrong, with the values.
    pub message: String,
    /// What to do.
    pub fix: String,
}

method!(
    GetClusters,
    "cluster",
    "get_clusters",
    GetClustersParams,
    Page<Cluster>,
    "All clusters: kind, masters with their state and presence, minions counted once each by presence, and warnings with their fix."
);
