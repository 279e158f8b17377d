//! `cmd.*`: sending commands and following them.

mod get_cmd_details;
mod get_cmd_status;
mod get_cmds;
mod get_highstate_minion_details;
mod get_highstate_minions;
mod get_highstate_state_details;
mod get_highstate_states;
mod get_highstate_stats;
mod get_outcome_timeline;
mod pause_job;
mod plan_cmd;
mod resume_job;
mod route_cmd;
mod stop_job;
mod track_state;

pub use get_cmd_details::{CmdDetail, CmdDetailSort, GetCmdDetails, GetCmdDetailsParams};
pub use get_cmd_status::{CmdStatus, CmdTrack, GetCmdStatus, GetCmdStatusParams};
pub use get_cmds::{Cmd, CmdSort, GetCmds, GetCmdsParams};
pub use get_highstate_minion_details::{
    GetHighstateMinionDetails, GetHighstateMinionDetailsParams, HighstateMinionDetails,
    HighstateMinionDetailsRow, HighstateMinionDetailsSort, HighstateMinionDetailsSummary,
};
pub use get_highstate_minions::{
    GetHighstateMinions, GetHighstateMinionsParams, HighstateMinions, HighstateMinionsRow,
    HighstateMinionsSort, HighstateMinionsSummary,
};
pub use get_highstate_state_details::{
    GetHighstateStateDetails, GetHighstateStateDetailsParams, HighstateStateDetails,
    HighstateStateDetailsRow, HighstateStateDetailsSort, HighstateStateDetailsSummary,
};
pub use get_highstate_states::{
    GetHighstateStates, GetHighstateStatesParams, HighstateStates, HighstateStatesRow, HighstateStatesSort,
    HighstateStatesSummary,
};
pub use get_highstate_stats::{GetHighstateStats, GetHighstateStatsParams, HighstateDay, HighstateStats};
pub use get_outcome_timeline::{
    GetOutcomeTimeline, GetOutcomeTimelineParams, OutcomeTimeline, TimelineEntry, WaitsFor,
};
pub use pause_job::{PauseJob, PauseJobParams};
pub use plan_cmd::{CmdPlan, Expectation, PlanCmd, PlannedMaster, PlannedMinion, PlannedPart};
pub use resume_job::{ResumeJob, ResumeJobParams};
pub use route_cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget, TargetText};
pub use stop_job::{StopJob, StopJobParams};
pub use track_state::{TrackState, TrackStateParams};

/// Page size where the caller names none.
fn fifty() -> i64 {
    50
}
