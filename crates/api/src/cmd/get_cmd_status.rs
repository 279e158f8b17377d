//! `cmd.get_cmd_status`: the counters of several commands.

use jiff::Timestamp;
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
    /// What was told with cmd.track_state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracked: Vec<CmdTrack>,
}

/// How far a job is on one master, as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CmdTrack {
    /// Master.
    pub master_id: String,
    /// In the words of whoever told it.
    pub state: String,
    /// How many minions were named.
    pub minions: i64,
    /// When.
    pub time: Timestamp,
}

method!(
    GetCmdStatus,
    "cmd",
    "get_cmd_status",
    GetCmdStatusParams,
    Vec<CmdStatus>,
    "State and counters of several commands."
);
