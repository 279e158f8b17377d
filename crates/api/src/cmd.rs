//! `cmd.*`: sending commands and following them.

mod get_cmd_details;
mod get_cmd_status;
mod get_cmds;
mod get_outcome_timeline;
mod plan_cmd;
mod route_cmd;

pub use get_cmd_details::{CmdDetail, GetCmdDetails, GetCmdDetailsParams};
pub use get_cmd_status::{CmdStatus, GetCmdStatus, GetCmdStatusParams};
pub use get_cmds::{Cmd, GetCmds, GetCmdsParams};
pub use get_outcome_timeline::{
    GetOutcomeTimeline, GetOutcomeTimelineParams, OutcomeTimeline, TimelineEntry, WaitsFor,
};
pub use plan_cmd::{CmdPlan, Expectation, PlanCmd, PlannedMaster, PlannedMinion, PlannedPart};
pub use route_cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget, TargetText};
