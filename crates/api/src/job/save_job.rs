//! `job.save_job`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::JobArg;
use crate::{CommandKind, method};

/// Parameters, in positional order. Of a known job, what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaveJobParams {
    /// Name, unique.
    pub name: Option<String>,
    /// For people.
    pub desc: Option<String>,
    /// `local` (default), `runner` or `wheel`.
    pub cmd: Option<CommandKind>,
    /// Function, as `state.apply`.
    pub fun: Option<String>,
    /// Positional arguments as they are, and inputs that are asked for when it is run.
    pub arg: Option<JobArg>,
    /// Runner and wheel only: master ids, cluster ids, or `["*"]`.
    pub masters: Option<Vec<String>>,
    /// The job to change; when it is not known, a job is made with this uuid.
    pub job_uuid: Option<Uuid>,
    /// `local` only: the target group that it is meant for.
    pub tgt_uuid: Option<Uuid>,
}

method!(
    SaveJob,
    "job",
    "save_job",
    SaveJobParams,
    Uuid,
    "Save a job, or change one; its uuid comes back. `cmd.route_cmd` with `job_uuid` runs it. A new one belongs to the caller, and to nobody else until access is given."
);
