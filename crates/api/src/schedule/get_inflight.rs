//! `schedule.get_inflight`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fifty;
use crate::{CommandKind, CommandState, Jid, Page, method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetInflightParams {
    /// Of this schedule.
    #[serde(default)]
    pub uuid: Option<Uuid>,
    /// Of these schedules.
    #[serde(default)]
    pub sched_names: Option<Vec<String>>,
    /// Of these saved jobs.
    #[serde(default)]
    pub job_names: Option<Vec<String>>,
    /// On these target groups.
    #[serde(default)]
    pub tgt_names: Option<Vec<String>>,
    /// Of this function.
    #[serde(default)]
    pub fun: Option<String>,
    /// `local`, `runner`, `wheel`.
    #[serde(default)]
    pub cmd: Option<String>,
    /// Only paused ones, or none of them.
    #[serde(default)]
    pub paused: Option<bool>,
    /// Also commands of no schedule.
    #[serde(default)]
    pub include_adhoc: Option<bool>,
    /// Leave out `saltutil.find_job` (default).
    #[serde(default)]
    pub filter_find_job: Option<bool>,
    /// Order; by time when left out.
    #[serde(default)]
    pub sort_by: Option<InflightSort>,
    /// Largest first.
    #[serde(default)]
    pub reverse: bool,
    /// -1 for all.
    #[serde(default = "fifty")]
    pub limit: i64,
    /// From 0.
    #[serde(default)]
    pub page: Option<u32>,
    /// Two times of ISO 8601: from, to.
    #[serde(default)]
    pub daterange: Option<Vec<String>>,
    /// A strptime format for `daterange`.
    #[serde(default)]
    pub daterange_fmt: Option<String>,
}

words! {
    /// What commands under way can be ordered by.
    InflightSort {
        /// State.
        State = "state",
        /// When it was sent.
        StartTime = "start_time",
        /// `local`, `runner`, `wheel`.
        Cmd = "cmd",
        /// Function.
        Fun = "fun",
        /// Target group.
        TgtName = "tgt_name",
        /// Saved job.
        JobName = "job_name",
        /// Schedule.
        SchedName = "sched_name",
        /// Who.
        User = "user",
        /// Outcomes expected.
        Expected = "expected",
        /// Outcomes with a return.
        Returned = "returned",
    }
}

/// A command under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inflight {
    /// Jid.
    pub jid: Jid,
    /// State.
    pub state: CommandState,
    /// When it was sent.
    pub start_time: Timestamp,
    /// `local`, `runner`, `wheel`.
    pub cmd: CommandKind,
    /// Function.
    pub fun: String,
    /// Target group.
    pub tgt_name: Option<String>,
    /// Saved job.
    pub job_name: Option<String>,
    /// Schedule.
    pub sched_uuid: Option<Uuid>,
    /// Its name.
    pub sched_name: Option<String>,
    /// Who.
    pub user: String,
    /// Outcomes expected.
    pub expected: i64,
    /// Outcomes with a return.
    pub returned: i64,
}

method!(
    GetInflight,
    "schedule",
    "get_inflight",
    GetInflightParams,
    Page<Inflight>,
    "Commands of schedules that have not ended; with `include_adhoc` also those of no schedule."
);
