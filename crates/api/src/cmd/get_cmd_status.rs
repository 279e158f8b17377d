//! `cmd.get_cmd_status`: the counters of several commands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CommandState, Jid, method};

/// Parameters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetCmdStatusParams {
    /// Jids; unknown ones are left out of the reply.
    pub jids: Vec<Jid>,
}

/// Counters of one command.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CmdStatus {
    /// Jid.
    pub jid: Jid,
    /// State.
    pub state: CommandState,
    /// Outcomes expected.
    pub expected: i64,
    /// Outcomes with a return.
    pub returned: i64,
    /// … that succeeded.
    pub returned_good: i64,
    /// … that failed.
    pub returned_failed: i64,
    /// Outcomes still open.
    pub open: i64,
    /// Whether every outcome has ended.
    pub done: bool,
}

method!(
    GetCmdStatus,
    "cmd",
    "get_cmd_status",
    GetCmdStatusParams,
    Vec<CmdStatus>,
    "State and counters of several commands."
);
