//! `cmd.*`: sending commands and following them.

mod control;
mod get_cmd_details;
mod get_cmd_status;
mod get_cmds;
mod get_outcome_timeline;
mod pause_job;
mod plan_cmd;
mod resume_job;
mod route_cmd;
mod stop_job;
mod track_state;
