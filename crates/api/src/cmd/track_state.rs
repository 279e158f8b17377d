//! `cmd.track_state`: how far a job is on one master, told by a program that acts for it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Jid, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackStateParams {
    /// Jid.
    pub jid: Jid,
    /// Master id.
    pub master: String,
    /// Any word.
    pub state: String,
    /// Minions that it concerns.
    #[serde(default)]
    pub minions: Option<Vec<String>>,
    /// When; default now.
    #[serde(default)]
    pub create_time: Option<Timestamp>,
}

method!(
    TrackState,
    "cmd",
    "track_state",
    TrackStateParams,
    bool,
    "For programs that act for a master: how far a job is there. The plugin tells what decides outcomes by itself, so that this is shown (cmd.get_cmd_status) and decides nothing. Returns true."
);
