//! `cmd.*`: sending commands and following them.

mod get_cmd_details;
mod get_cmd_status;
mod get_cmds;
mod get_outcome_timeline;
mod plan_cmd;
mod route_cmd;
