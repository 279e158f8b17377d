//! `cmd.get_highstate_minion_details`: the states of one minion.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetHighstateMinionDetailsParams {
    /// Whole id.
    pub minion_id: String,
    /// Part of the state's id.
    #[serde(default)]
    pub state: Option<String>,
    /// Part of the SLS.
    #[serde(default)]
    pub sls: Option<String>,
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
    /// Default: `run_num`.
    #[serde(default)]
    pub sort_by: Option<HighstateMinionDetailsSort>,
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
    HighstateMinionDetailsSort {
        /// State.
        State = "state",
        /// Sls.
        Sls = "sls",
        /// Saltenv.
        Saltenv = "saltenv",
        /// Jid.
        Jid = "jid",
        /// Run num.
        RunNum = "run_num",
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
pub struct HighstateMinionDetails {
    /// Totals.
    pub summary: HighstateMinionDetailsSummary,
    /// How many there are in all, over all pages.
    pub count: i64,
    /// This page.
    pub results: Vec<HighstateMinionDetailsRow>,
}

/// Totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateMinionDetailsSummary {
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

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateMinionDetailsRow {
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
    GetHighstateMinionDetails,
    "cmd",
    "get_highstate_minion_details",
    GetHighstateMinionDetailsParams,
    HighstateMinionDetails,
    "The newest result of every state of one minion. What counts is said at cmd.get_highstate_minions."
);
