//! `cluster.check_minions`: asks the minions of a cluster how they are configured.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Jid, method};

/// Parameters of `cluster.check_minions`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckMinionsParams {
    /// Cluster.
    pub cluster_id: String,
}

/// A check that began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MinionCheckStarted {
    /// Cluster.
    pub cluster_id: String,
    /// The job that asks.
    pub jid: Jid,
    /// When it began.
    pub started_at: Timestamp,
}

method!(
    CheckMinions,
    "cluster",
    "check_minions",
    CheckMinionsParams,
    MinionCheckStarted,
    "Ask the minions of a cluster for the few settings that its kind needs (master_type, the list of masters, master_alive_interval, master_failback, random_master, retry_dns, cache_jobs, random_reauth_delay), and nothing else, with a job over the normal path. What is wrong becomes warnings of the cluster; cluster.get_minion_checks has it in full."
);
