//! `cmd.get_cmd_details`: one row per (jid, minion), silent ones too.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Jid, OutcomeState, Page, method, state::words};

words! {
    /// What outcomes are ordered by.
    CmdDetailSort {
        /// When they last changed.
        AlterTime = "alter_time",
        /// Minion.
        MinionId = "minion_id",
        /// Master.
        MasterId = "master_id",
        /// Good, then failed.
        HasErrors = "has_errors",
        /// Without a return, then with one.
        HasReturn = "has_return",
    }
}

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetCmdDetailsParams {
    /// Jid.
    pub jid: Jid,
    /// Exactly this minion, with its whole return.
    #[serde(default)]
    pub minion_id_exact: Option<String>,
    /// Part of a minion id.
    #[serde(default)]
    pub minion_id: Option<String>,
    /// Part of a master id.
    #[serde(default)]
    pub master_id: Option<String>,
    /// Only failed ones, or only good ones.
    #[serde(default)]
    pub has_errors: Option<bool>,
    /// Only returned ones, or only silent ones.
    #[serde(default)]
    pub has_return: Option<bool>,
    /// Order; by alter_time when left out.
    #[serde(default)]
    pub sort_by: Option<CmdDetailSort>,
    /// Descending.
    #[serde(default)]
    pub reverse: bool,
    /// From 0.
    #[serde(default)]
    pub page: Option<u32>,
    /// -1 for all.
    #[serde(default = "fifty")]
    pub limit: i64,
}

fn fifty() -> i64 {
    50
}

/// One outcome.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CmdDetail {
    /// Jid.
    pub jid: Jid,
    /// Minion (the master itself for a runner or wheel).
    pub minion_id: String,
    /// Cluster.
    pub cluster_id: String,
    /// Master whose witness decided the outcome; until then the one it was given to.
    pub master_id: Option<String>,
    /// State.
    pub state: OutcomeState,
    /// Why it is in this state.
    pub reason: String,
    /// Whether a return is there.
    pub has_return: bool,
    /// Whether it failed; null without a return.
    pub has_errors: Option<bool>,
    /// Return code.
    pub retcode: Option<i64>,
    /// Came after the outcome had ended without it.
    pub late: bool,
    /// A different second return came: it ran twice.
    pub ran_twice: bool,
    /// Was not expected by the plan.
    pub unexpected: bool,
    /// How many masters saw the return.
    pub witnesses: i64,
    /// Last change.
    pub alter_time: Timestamp,
    /// The return, with `minion_id_exact` only.
    #[serde(rename = "return", default)]
    pub ret: Option<serde_json::Value>,
}

method!(
    GetCmdDetails,
    "cmd",
    "get_cmd_details",
    GetCmdDetailsParams,
    Page<CmdDetail>,
    "The outcomes of one command, one row per minion, also of those that never answered. With `minion_id_exact` the row carries the whole return."
);
