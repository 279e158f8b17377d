//! `cmd.get_highstate_states`: states over all minions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetHighstateStatesParams {
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
    /// Dry runs in place of real ones.
    #[serde(default)]
    pub test: Option<bool>,
    /// No results older than so many minutes.
    #[serde(default)]
    pub age_limit: Option<u32>,
    /// The summary is of what the filters leave, not of everything.
    #[serde(default)]
    pub filter_summary: Option<bool>,
    /// Default: `state`.
    #[serde(default)]
    pub sort_by: Option<HighstateStatesSort>,
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
    HighstateStatesSort {
        /// State.
        State = "state",
        /// Sls.
        Sls = "sls",
        /// Total minions.
        TotalMinions = "total_minions",
        /// Minions failed.
        MinionsFailed = "minions_failed",
        /// Minions succeeded.
        MinionsSucceeded = "minions_succeeded",
        /// Minions changed.
        MinionsChanged = "minions_changed",
        /// Minions unchanged.
        MinionsUnchanged = "minions_unchanged",
        /// Avg duration.
        AvgDuration = "avg_duration",
    }
}

/// A page, with a summary of all pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateStates {
    /// Totals.
    pub summary: HighstateStatesSummary,
    /// How many there are in all, over all pages.
    pub count: i64,
    /// This page.
    pub results: Vec<HighstateStatesRow>,
}

/// Totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateStatesSummary {
    /// States.
    pub total_states: i64,
    /// Minions of one state.
    pub avg_minions_per_state: f64,
    /// States where something failed.
    pub states_failed: i64,
    /// States where nothing failed.
    pub states_succeeded: i64,
    /// States with changes.
    pub states_changed: i64,
    /// States without changes.
    pub states_unchanged: i64,
    /// Milliseconds of one state.
    pub avg_duration: f64,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateStatesRow {
    /// Id of the state.
    pub state: String,
    /// SLS that it stands in.
    pub sls: String,
    /// Minions that have it.
    pub total_minions: i64,
    /// Minions where something failed.
    pub minions_failed: i64,
    /// Minions where nothing failed.
    pub minions_succeeded: i64,
    /// Minions with changes.
    pub minions_changed: i64,
    /// Minions without changes.
    pub minions_unchanged: i64,
    /// Milliseconds.
    pub avg_duration: f64,
    /// Jobs that applied it last, the newest 20.
    pub jids: Vec<String>,
    /// Environments.
    pub saltenvs: Vec<String>,
}

method!(
    GetHighstateStates,
    "cmd",
    "get_highstate_states",
    GetHighstateStatesParams,
    HighstateStates,
    "States with what they made of minions last, over all minions. What counts is said at cmd.get_highstate_minions."
);
