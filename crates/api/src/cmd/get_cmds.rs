//! `cmd.get_cmds`: search submitted commands.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{CommandKind, CommandState, Jid, Page, method, state::words};

words! {
    /// What commands are ordered by.
    CmdSort {
        /// When they were sent.
        StartTime = "start_time",
        /// The same.
        CreateTime = "create_time",
        /// State.
        State = "state",
        /// Kind.
        Cmd = "cmd",
        /// Function.
        Fun = "fun",
        /// Expected outcomes without a return.
        NotReturned = "not_returned",
        /// Who sent them.
        User = "user",
        /// Expected outcomes.
        Expected = "expected",
        /// Returns.
        Returned = "returned",
        /// Failed returns.
        ReturnedFailed = "returned_failed",
        /// Good returns.
        ReturnedGood = "returned_good",
        /// By hand, or by a schedule.
        Origination = "origination",
        /// Target group.
        TgtName = "tgt_name",
        /// Saved job.
        JobName = "job_name",
        /// Schedule.
        SchedName = "sched_name",
    }
}

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetCmdsParams {
    /// Two ISO 8601 times: from, to.
    pub daterange: Option<(Timestamp, Timestamp)>,
    /// Not used: ISO 8601 is always understood.
    pub daterange_fmt: Option<String>,
    /// One jid.
    pub jid: Option<String>,
    /// Commands that went to this master.
    pub master_id: Option<String>,
    /// Commands in this state.
    pub state: Option<CommandState>,
    /// Commands *not* in `state`.
    pub state_invert: Option<bool>,
    /// Of this saved job.
    pub job_uuid: Option<Uuid>,
    /// Of these saved jobs.
    pub job_names: Option<Vec<String>>,
    /// Of this schedule.
    pub sched_uuid: Option<Uuid>,
    /// Of these schedules.
    pub sched_names: Option<Vec<String>>,
    /// Through this target group.
    pub tgt_uuid: Option<Uuid>,
    /// Through these target groups.
    pub tgt_names: Option<Vec<String>>,
    /// Of this function.
    pub fun: Option<String>,
    /// Only highstate runs, or none of them.
    pub highstate: Option<bool>,
    /// `local`, `runner`, `wheel`.
    pub cmd: Option<CommandKind>,
    /// Of these users.
    pub users: Option<Vec<String>>,
    /// Deprecated.
    pub include_adhoc: Option<bool>,
    /// `all`, `scheduled` or `adhoc`.
    pub include_adhoc_scheduled: Option<String>,
    /// Leave out `saltutil.find_job`.
    pub filter_find_job: Option<bool>,
    /// Leave out `saltutil.refresh_grains`.
    pub filter_refresh_grains: Option<bool>,
    /// Order; by start_time when left out.
    pub sort_by: Option<CmdSort>,
    /// Newest (largest) first.
    pub reverse: bool,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
    /// Commands of this cluster (ours).
    pub cluster_id: Option<String>,
}

impl Default for GetCmdsParams {
    fn default() -> Self {
        Self {
            daterange: None,
            daterange_fmt: None,
            jid: None,
            master_id: None,
            state: None,
            state_invert: None,
            job_uuid: None,
            job_names: None,
            sched_uuid: None,
            sched_names: None,
            tgt_uuid: None,
            tgt_names: None,
            fun: None,
            highstate: None,
            cmd: None,
            users: None,
            include_adhoc: None,
            include_adhoc_scheduled: None,
            filter_find_job: Some(true),
            filter_refresh_grains: Some(true),
            sort_by: None,
            reverse: true,
            page: None,
            limit: 50,
            cluster_id: None,
        }
    }
}

/// One command.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Cmd {
    /// local, runner, wheel.
    pub cmd: CommandKind,
    /// Seconds from start to the end; null while it runs.
    pub duration: Option<f64>,
    /// Outcomes expected.
    pub expected: i64,
    /// Function.
    pub fun: String,
    /// Whether it was a highstate.
    pub is_highstate: bool,
    /// Jid.
    pub jid: Jid,
    /// Description of the saved job.
    pub job_desc: Option<String>,
    /// Name of the saved job.
    pub job_name: Option<String>,
    /// `raas`, or `salt` for a job seen on a master.
    pub job_source: String,
    /// Saved job.
    pub job_uuid: Option<Uuid>,
    /// Masters that took and answered their delivery.
    pub masters_done: Vec<String>,
    /// Masters it went to.
    pub masters_to: Vec<String>,
    /// `Ad-Hoc`, `Scheduled`, …
    pub origination: String,
    /// Outcomes with a return.
    pub returned: i64,
    /// … that failed.
    pub returned_failed: i64,
    /// … that succeeded.
    pub returned_good: i64,
    /// Outcomes that ended without a return, or are still open.
    pub not_returned: i64,
    /// Schedule.
    pub sched_name: Option<String>,
    /// Schedule.
    pub sched_uuid: Option<Uuid>,
    /// When it was sent.
    pub start_time: Timestamp,
    /// State.
    pub state: CommandState,
    /// Target as asked for (ours).
    pub tgt: serde_json::Value,
    /// Arguments (ours).
    pub arg: serde_json::Value,
    /// Target group's description.
    pub tgt_desc: Option<String>,
    /// Target group's name.
    pub tgt_name: Option<String>,
    /// Target group.
    pub tgt_uuid: Option<Uuid>,
    /// Clusters it went to (ours).
    pub clusters: Vec<String>,
    /// What deserved a look when it was planned (ours).
    pub warnings: Vec<String>,
    /// Who.
    pub user: String,
    /// Who.
    pub user_uuid: Option<Uuid>,
}

method!(
    GetCmds,
    "cmd",
    "get_cmds",
    GetCmdsParams,
    Page<Cmd>,
    "Search submitted commands, newest first. `saltutil.find_job` and `saltutil.refresh_grains` are left out unless asked for. The count ends at 10,000, and in another order than that of time only the newest 10,000 are sorted, unless limit is -1: a warning says so."
);
