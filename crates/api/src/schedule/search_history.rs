//! `schedule.search_history`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{RunState, fifty};
use crate::{CommandKind, Jid, Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchHistoryParams {
    /// Text in the kind or the function; elsewhere where `name`, `arg` or `kwarg` says so.
    #[serde(default)]
    pub query: Option<String>,
    /// `local`, `runner` or `wheel`.
    #[serde(default)]
    pub cmd: Option<CommandKind>,
    /// `query` also looks at names of schedules.
    #[serde(default)]
    pub name: bool,
    /// This function.
    #[serde(default)]
    pub fun: Option<String>,
    /// Went to a master of this name (`*` and `?` are wildcards).
    #[serde(default)]
    pub masters: Option<String>,
    /// Text in the target.
    #[serde(default)]
    pub tgt: Option<String>,
    /// `query` also looks into positional arguments.
    #[serde(default)]
    pub arg: bool,
    /// `query` also looks into keyword arguments.
    #[serde(default)]
    pub kwarg: bool,
    /// Two times of ISO 8601: from, to.
    #[serde(default)]
    pub daterange: Option<Vec<String>>,
    /// A strptime format for `daterange`.
    #[serde(default)]
    pub daterange_fmt: Option<String>,
    /// Of this schedule.
    #[serde(default)]
    pub uuid: Option<Uuid>,
    /// -1 for all.
    #[serde(default = "fifty")]
    pub limit: i64,
    /// From 0.
    #[serde(default)]
    pub page: Option<u32>,
}

/// What became of one planned time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryEntry {
    /// Schedule.
    pub sched_uuid: Uuid,
    /// Its name then.
    pub sched_name: String,
    /// The planned time.
    pub start_time: Timestamp,
    /// When it was dealt with.
    pub fired_at: Timestamp,
    /// What became of it.
    pub state: RunState,
    /// Why, unless it simply fired.
    pub reason: String,
    /// The command.
    pub jid: Option<Jid>,
    /// Function.
    pub fun: Option<String>,
    /// Saved job.
    pub job_name: Option<String>,
    /// Target group.
    pub tgt_name: Option<String>,
}

method!(
    SearchHistory,
    "schedule",
    "search_history",
    SearchHistoryParams,
    Page<HistoryEntry>,
    "What became of planned times, newest first: fired, skipped, missed or failed, and why. The count ends at 10,000: a warning says so."
);
