//! `cmd.get_highstate_stats`: highstates day by day.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetHighstateStatsParams {
    /// First day, as 2026-01-31.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub begin_date: Option<Date>,
    /// Last day.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub end_date: Option<Date>,
    /// Newest first.
    #[serde(default)]
    pub reverse: bool,
}

/// Every day on which states were applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateStats {
    /// How many.
    pub count: i64,
    /// One row per day.
    pub results: Vec<HighstateDay>,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HighstateDay {
    /// As 2026-01-31.
    pub date: String,
    /// Minions.
    pub total_minions: i64,
    /// Minions with changes.
    pub minions_changed: i64,
    /// Minions without changes.
    pub minions_unchanged: i64,
    /// Minions where nothing failed.
    pub minions_succeeded: i64,
    /// Minions where something failed.
    pub minions_failed: i64,
    /// Milliseconds of one minion.
    pub minion_avg_duration: f64,
    /// States.
    pub total_states: i64,
    /// States with changes.
    pub states_changed: i64,
    /// States without changes.
    pub states_unchanged: i64,
    /// States that are as wanted.
    pub states_succeeded: i64,
    /// States that failed.
    pub states_failed: i64,
}

method!(
    GetHighstateStats,
    "cmd",
    "get_highstate_stats",
    GetHighstateStatsParams,
    HighstateStats,
    "Totals of every day: of each minion the last run of states of that day counts, dry runs left out. Days go as history does."
);
