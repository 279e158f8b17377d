//! `cmd.*`: sending commands and following them.

mod get_cmd_details;
mod get_cmd_status;
mod get_cmds;
mod route_cmd;
