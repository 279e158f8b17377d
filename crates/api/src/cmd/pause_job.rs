//! `cmd.pause_job`: pause a running job on every master where it runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Jid, method};

/// Parameters, in positional order: one of the first two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseJobParams {
    /// A saved job: what it runs is paused.
    #[serde(default)]
    pub job_uuid: Option<Uuid>,
    /// The running job.
    #[serde(default)]
    pub jid: Option<Jid>,
}

method!(
    PauseJob,
    "cmd",
    "pause_job",
    PauseJobParams,
    Jid,
    "Pause a running job: runs of states only, as Salt can pause nothing else. Each minion that runs it, or will, stops before its next state (state.pause) until it is resumed. Salt can do so once in a run: a run that was resumed is not paused again. Returns the jid of the command that tells them; the warnings of the reply say on which masters and for how many minions."
);
