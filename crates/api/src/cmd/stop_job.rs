//! `cmd.stop_job`: stop a running job on every master where it runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Jid, method};

/// Parameters, in positional order: one of the first two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopJobParams {
    /// A saved job: what it runs is stopped.
    #[serde(default)]
    pub job_uuid: Option<Uuid>,
    /// The running job.
    #[serde(default)]
    pub jid: Option<Jid>,
    /// Kill it (ours): also a run of states, which then returns nothing.
    #[serde(default)]
    pub force: Option<bool>,
}

method!(
    StopJob,
    "cmd",
    "stop_job",
    StopJobParams,
    Jid,
    "Stop a running job. Deliveries that no master has fetched are cancelled, and so are the answers of minions that nobody can have published it to. Every minion that may run it is told, on whichever master holds it: a run of states ends softly before its next state (state.soft_kill) and returns what it did, any other function, and a run of states that was resumed, is terminated (saltutil.term_job), with force either is killed (saltutil.kill_job). Returns the jid of the command that tells them; the warnings of the reply, kept with that command, say what was done on which master and for how many minions."
);
