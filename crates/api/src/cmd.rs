//! `cmd.*`: sending commands and following them.

mod get_cmd_details;
mod get_cmd_status;
mod get_cmds;
mod route_cmd;

pub use get_cmd_details::{CmdDetail, GetCmdDetails, GetCmdDetailsParams};
pub use get_cmd_status::{CmdStatus, GetCmdStatus, GetCmdStatusParams};
pub use get_cmds::{Cmd, GetCmds, GetCmdsParams};
pub use route_cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget, TargetText};
