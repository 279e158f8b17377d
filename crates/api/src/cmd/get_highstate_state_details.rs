//! `cmd.get_highstate_state_details`: one state on every minion.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetHighstateStateDetailsParams {
    /// Whole id of the state.
    pub state: String,
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
    /// Part of the comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// Dry runs in place of real ones.
    #[serde(default)]
    pub test: Option<bool>,
    /// The summary is of what the filters leave, not of everything.
    #[serde(default)]
    pub filter_summary: Option<bool>,
    /// Default: `minion_id`.
    #[serde(default)]
    pub sort_by: Option<HighstateStateDetailsSort>,
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
    HighstateStateDetailsSort {
        /// Minion id.
        MinionId = "minion_id",
        /// Saltenv.
        Saltenv = "saltenv",
        /// Jid.
        Jid = "jid",
        /// Result.
        Result = "result",
        /// Changes.
        Changes = "changes",
        /// Duration.
        Duration = "duration",
        /// Comment.
        Comment = "comment",
    }
}

/// A page, with a summary of all pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateStateDetails {
    /// Totals.
    pub summary: HighstateStateDetailsSummary,
    /// How many there are in all, over all pages.
    pub count: i64,
    /// This page.
    pub results: Vec<HighstateStateDetailsRow>,
}

/// Totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateStateDetailsSummary {
    /// Minions.
    pub total_minions: i64,
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
pub struct HighstateStateDetailsRow {
    /// Cluster (ours).
    pub cluster_id: String,
    /// Master that the minion was last seen on, else its cluster.
    pub master_id: String,
    /// Minion.
    pub minion_id: String,
    /// Id of the state.
    pub state: String,
    /// SLS that it stands in.
    pub sls: String,
    /// Environment.
    pub saltenv: String,
    /// Job that applied it last.
    pub jid: String,
    /// Its place in the run.
    pub run_num: i64,
    /// Whether it is as wanted.
    pub result: bool,
    /// Milliseconds.
    pub duration: f64,
    /// How many changes.
    pub num_changes: i64,
    /// The changes; where they are large, a text that says so.
    pub changes: Value,
    /// What Salt said; long ones are cut.
    pub comment: String,
}

method!(
    GetHighstateStateDetails,
    "cmd",
    "get_highstate_state_details",
    GetHighstateStateDetailsParams,
    HighstateStateDetails,
    "The newest result of one state on every minion that has it. What counts is said at cmd.get_highstate_minions."
);
