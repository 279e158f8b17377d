//! `cmd.get_highstate_minions`: minions by the newest results of their states.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetHighstateMinionsParams {
    /// Only minions of this target group.
    #[serde(default)]
    pub tgt_uuid: Option<Uuid>,
    /// Part of the id of the master that they were last seen on, or of the cluster.
    #[serde(default)]
    pub master_id: Option<String>,
    /// Part of the minion's id.
    #[serde(default)]
    pub minion_id: Option<String>,
    /// Part of the environment.
    #[serde(default)]
    pub saltenv: Option<String>,
    /// Part of the jid.
    #[serde(default)]
    pub jid: Option<String>,
    /// True: only where nothing failed; false: only where something did.
    #[serde(default)]
    pub result: Option<bool>,
    /// True: only with changes; false: only without.
    #[serde(default)]
    pub changes: Option<bool>,
    /// Dry runs in place of real ones.
    #[serde(default)]
    pub test: Option<bool>,
    /// No results older than so many minutes.
    #[serde(default)]
    pub age_limit: Option<u32>,
    /// The summary is of what the filters leave, not of everything.
    #[serde(default)]
    pub filter_summary: Option<bool>,
    /// Default: `minion_id`.
    #[serde(default)]
    pub sort_by: Option<HighstateMinionsSort>,
    /// Largest first.
    #[serde(default)]
    pub reverse: bool,
    /// From 0.
    #[serde(default)]
    pub page: Option<u32>,
    /// -1 for all.
    #[serde(default = "super::fifty")]
    pub limit: i64,
}

words! {
    /// What the list can be sorted by.
    HighstateMinionsSort {
        /// Minion id.
        MinionId = "minion_id",
        /// Total states.
        TotalStates = "total_states",
        /// States failed.
        StatesFailed = "states_failed",
        /// States succeeded.
        StatesSucceeded = "states_succeeded",
        /// States changed.
        StatesChanged = "states_changed",
        /// States unchanged.
        StatesUnchanged = "states_unchanged",
        /// Total duration.
        TotalDuration = "total_duration",
    }
}

/// A page, with a summary of all pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateMinions {
    /// Totals.
    pub summary: HighstateMinionsSummary,
    /// How many there are in all, over all pages.
    pub count: i64,
    /// This page.
    pub results: Vec<HighstateMinionsRow>,
}

/// Totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateMinionsSummary {
    /// Minions.
    pub total_minions: i64,
    /// States of one minion.
    pub avg_states_per_minion: f64,
    /// Minions where something failed.
    pub minions_failed: i64,
    /// Minions where nothing failed.
    pub minions_succeeded: i64,
    /// Minions with changes.
    pub minions_changed: i64,
    /// Minions without changes.
    pub minions_unchanged: i64,
    /// Milliseconds of one minion.
    pub avg_duration: f64,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateMinionsRow {
    /// Master that it was last seen on.
    pub master_uuid: Option<Uuid>,
    /// Its id; the cluster when it was never seen.
    pub master_id: String,
    /// Cluster (ours).
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Jobs that applied its states last.
    pub jids: Vec<String>,
    /// Environments.
    pub saltenvs: Vec<String>,
    /// States.
    pub total_states: i64,
    /// States where something failed.
    pub states_failed: i64,
    /// States where nothing failed.
    pub states_succeeded: i64,
    /// States with changes.
    pub states_changed: i64,
    /// States without changes.
    pub states_unchanged: i64,
    /// Milliseconds.
    pub total_duration: f64,
}

method!(
    GetHighstateMinions,
    "cmd",
    "get_highstate_minions",
    GetHighstateMinionsParams,
    HighstateMinions,
    "Minions with what runs of states made of them last: of every state the newest result counts (state.apply, state.highstate, state.sls), and a whole highstate replaces all that is older. A run that could not be rendered is one failed state. Dry runs are left out unless test is true."
);
