//! `job.get_jobs`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::JobArg;
use crate::{CommandKind, Metadata, Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetJobsParams {
    /// This job.
    pub job_uuid: Option<Uuid>,
    /// Text in the name.
    pub name: Option<String>,
    /// Text in the description.
    pub desc: Option<String>,
    /// `local`, `runner` or `wheel`.
    pub cmd: Option<CommandKind>,
    /// Meant for this target group.
    pub tgt_uuid: Option<Uuid>,
    /// Jobs that this role may do something with (superusers only).
    pub role_uuid: Option<Uuid>,
    /// With `tgt_uuid`: also jobs that are meant for no group.
    pub include_no_tgt_jobs: Option<bool>,
    /// Text in the function.
    pub fun: Option<String>,
    /// Meant for one of these masters.
    pub masters: Option<Vec<String>>,
    /// Order; by name when left out.
    pub sort_by: Option<JobSort>,
    /// Z to A.
    pub reverse: Option<bool>,
    /// -1 for all.
    pub limit: i64,
    /// From 0.
    pub page: Option<u32>,
}

impl Default for GetJobsParams {
    fn default() -> Self {
        Self {
            job_uuid: None,
            name: None,
            desc: None,
            cmd: None,
            tgt_uuid: None,
            role_uuid: None,
            include_no_tgt_jobs: None,
            fun: None,
            masters: None,
            sort_by: None,
            reverse: None,
            limit: 50,
            page: None,
        }
    }
}

/// What saved jobs can be ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobSort {
    /// Name.
    #[default]
    Name,
    /// Description.
    Desc,
    /// `local`, `runner`, `wheel`.
    Cmd,
    /// Function.
    Fun,
}

/// A saved job. Who may only discover it sees name and description.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// Its uuid.
    pub uuid: Uuid,
    /// Name.
    pub name: String,
    /// For people.
    pub desc: String,
    /// `local`, `runner` or `wheel`.
    pub cmd: CommandKind,
    /// Function.
    pub fun: String,
    /// Arguments and inputs.
    pub arg: JobArg,
    /// Masters that it is meant for.
    pub masters: Option<Vec<String>>,
    /// Target group that it is meant for.
    pub tgt_uuid: Option<Uuid>,
    /// Its name.
    pub tgt_name: Option<String>,
    /// Whose it is, and who may do what.
    pub metadata: Metadata,
}

method!(
    GetJobs,
    "job",
    "get_jobs",
    GetJobsParams,
    Page<Job>,
    "List saved jobs. Only those are shown that the caller owns, or may read or discover."
);
