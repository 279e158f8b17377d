//! `job.get_job_access`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Auth, method};

/// Parameters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetJobAccessParams {
    /// The job.
    pub job_uuid: Uuid,
}

method!(
    GetJobAccess,
    "job",
    "get_job_access",
    GetJobAccessParams,
    Auth,
    "Whose saved job it is, and what each role may do with it."
);
