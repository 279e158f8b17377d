//! `schedule.get`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{ScheduleArg, ScheduleObject, fifty};
use crate::{CommandKind, CommandState, Metadata, Page, method, state::words};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetParams {
    /// Schedules with these names.
    #[serde(default)]
    pub names: Option<Vec<String>>,
    /// Also schedules that will never fire again.
    #[serde(default)]
    pub show_past: bool,
    /// Text in the kind or the function; in arguments where `arg` or `kwarg` says so.
    #[serde(default)]
    pub query: Option<String>,
    /// `local`, `runner` or `wheel`.
    #[serde(default)]
    pub cmd: Option<CommandKind>,
    /// This function.
    #[serde(default)]
    pub fun: Option<String>,
    /// Runs on one of these masters; `*` means those that run on all.
    #[serde(default)]
    pub masters: Option<Vec<String>>,
    /// Text in the target.
    #[serde(default)]
    pub tgt: Option<String>,
    /// `query` also looks into positional arguments.
    #[serde(default)]
    pub arg: bool,
    /// `query` also looks into keyword arguments.
    #[serde(default)]
    pub kwarg: bool,
    /// Whose last command is in one of these states.
    #[serde(default)]
    pub state: Option<Vec<String>>,
    /// Enabled ones, or the others.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// This schedule.
    #[serde(default)]
    pub uuid: Option<Uuid>,
    /// That run these saved jobs.
    #[serde(default)]
    pub job_names: Option<Vec<String>>,
    /// That run on these target groups.
    #[serde(default)]
    pub tgt_names: Option<Vec<String>>,
    /// Order; by name when left out.
    #[serde(default)]
    pub sort_by: Option<ScheduleSort>,
    /// Largest first.
    #[serde(default)]
    pub reverse: bool,
    /// -1 for all.
    #[serde(default = "fifty")]
    pub limit: i64,
    /// From 0.
    #[serde(default)]
    pub page: Option<u32>,
    /// Those that will never fire again, or the others.
    #[serde(default)]
    pub expired: Option<bool>,
}

words! {
    /// What schedules can be ordered by.
    ScheduleSort {
        /// `local`, `runner`, `wheel`.
        Cmd = "cmd",
        /// Function.
        Fun = "fun",
        /// Target group.
        TgtName = "tgt_name",
        /// Saved job.
        JobName = "job_name",
        /// Name.
        SchedName = "sched_name",
        /// When next.
        NextFireTime = "next_fire_time",
        /// When last.
        LastFireTime = "last_fire_time",
        /// State of the last command.
        Status = "status",
    }
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// Its uuid.
    pub uuid: Uuid,
    /// Name.
    pub name: String,
    /// Whether it fires.
    pub enabled: bool,
    /// It will never fire again.
    pub expired: bool,
    /// When.
    pub schedule: ScheduleObject,
    /// `job.run`, mostly.
    pub function: String,
    /// `local`, `runner` or `wheel`; the saved job's when there is one.
    pub cmd: Option<CommandKind>,
    /// Function; the saved job's when there is one.
    pub fun: Option<String>,
    /// Arguments; of a saved job, its inputs.
    pub arg: ScheduleArg,
    /// Masters.
    pub masters: Option<Vec<String>>,
    /// Target.
    pub tgt: Option<Value>,
    /// Target group.
    pub tgt_uuid: Option<Uuid>,
    /// Its name.
    pub tgt_name: Option<String>,
    /// Saved job.
    pub job_uuid: Option<Uuid>,
    /// Its name.
    pub job_name: Option<String>,
    /// The next planned time.
    pub next_fire_time: Option<Timestamp>,
    /// The last planned time for which it fired.
    pub last_fire_time: Option<Timestamp>,
    /// State of its last command.
    pub status: Option<CommandState>,
    /// Whose it is.
    pub metadata: Metadata,
}

method!(
    Get,
    "schedule",
    "get",
    GetParams,
    Page<Schedule>,
    "List schedules. Only those are shown that the caller owns, or may read or discover."
);
