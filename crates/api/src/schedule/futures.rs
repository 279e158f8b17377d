//! `schedule.futures`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FutureState;
use crate::{Page, method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FuturesParams {
    /// Of these schedules.
    #[serde(default)]
    pub sched_names: Option<Vec<String>>,
    /// Of these saved jobs.
    #[serde(default)]
    pub job_names: Option<Vec<String>>,
    /// On these target groups.
    #[serde(default)]
    pub tgt_names: Option<Vec<String>>,
    /// Of this schedule.
    #[serde(default)]
    pub uuid: Option<Uuid>,
    /// Of this function.
    #[serde(default)]
    pub fun: Option<String>,
    /// In one of these states.
    #[serde(default)]
    pub state: Option<Vec<FutureState>>,
    /// In none of `state`.
    #[serde(default)]
    pub state_invert: bool,
    /// Order; by time when left out.
    #[serde(default)]
    pub sort_by: Option<FuturesSort>,
    /// Two times: from, to. Eight weeks from now when left out.
    #[serde(default)]
    pub daterange: Option<Vec<String>>,
    /// A strptime format for `daterange`.
    #[serde(default)]
    pub daterange_fmt: Option<String>,
    /// From 0.
    #[serde(default)]
    pub page: Option<u32>,
    /// -1 for all.
    #[serde(default = "hundred")]
    pub limit: i64,
    /// Last first.
    #[serde(default)]
    pub reverse: bool,
}

fn hundred() -> i64 {
    100
}

words! {
    /// What future runs can be ordered by.
    FuturesSort {
        /// Function.
        Fun = "fun",
        /// Target group.
        TgtName = "tgt_name",
        /// Saved job.
        JobName = "job_name",
        /// Schedule.
        SchedName = "sched_name",
        /// Time.
        StartTime = "start_time",
        /// State.
        State = "state",
    }
}

/// A run that is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Future {
    /// Of this planned time of this schedule; `schedule.save_skip` takes it.
    pub uuid: Uuid,
    /// Schedule.
    pub sched_uuid: Uuid,
    /// Its name.
    pub sched_name: String,
    /// Saved job.
    pub job_uuid: Option<Uuid>,
    /// Its name.
    pub job_name: Option<String>,
    /// Target group.
    pub tgt_uuid: Option<Uuid>,
    /// Its name.
    pub tgt_name: Option<String>,
    /// Function.
    pub fun: Option<String>,
    /// The planned time, before any splay.
    pub start_time: Timestamp,
    /// Whether it will run.
    pub state: FutureState,
}

method!(
    Futures,
    "schedule",
    "futures",
    FuturesParams,
    Page<Future>,
    "Runs that are planned, for eight weeks from now unless `daterange` says otherwise. At most 1000 of one schedule."
);
