//! `job.delete_job`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteJobParams {
    /// The job.
    pub job_uuid: Uuid,
    /// Also delete the schedules that run it.
    #[serde(default)]
    pub force: Option<bool>,
}

method!(
    DeleteJob,
    "job",
    "delete_job",
    DeleteJobParams,
    bool,
    "Delete a saved job. Refused (FailedResourceDependency, naming them) while schedules run it, unless `force`."
);
