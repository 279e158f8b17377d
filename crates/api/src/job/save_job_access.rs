//! `job.save_job_access`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AccessPayload, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveJobAccessParams {
    /// The job.
    pub job_uuid: Uuid,
    /// Role → read (which running needs), write, discover, delete.
    pub access_payload: AccessPayload,
}

method!(
    SaveJobAccess,
    "job",
    "save_job_access",
    SaveJobAccessParams,
    Uuid,
    "Say which roles may do what with a saved job: exactly these. Its owner and superusers may."
);
