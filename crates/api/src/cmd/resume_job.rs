//! `cmd.resume_job`: resume a running job on every master where it runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Jid, method};

/// Parameters, in positional order: one of the first two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeJobParams {
    /// A saved job: what it runs is resumed.
    #[serde(default)]
    pub job_uuid: Option<Uuid>,
    /// The running job.
    #[serde(default)]
    pub jid: Option<Jid>,
}

method!(
    ResumeJob,
    "cmd",
    "resume_job",
    ResumeJobParams,
    Jid,
    "Resume a paused job (state.resume) on every minion that runs it. Returns the jid of the command that tells them; the warnings of the reply say on which masters and for how many minions."
);
