//! `schedule.get_schedule_access`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Auth, method};

/// Parameters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetScheduleAccessParams {
    /// The schedule.
    pub uuid: Uuid,
}

method!(
    GetScheduleAccess,
    "schedule",
    "get_schedule_access",
    GetScheduleAccessParams,
    Auth,
    "Whose schedule it is, and what each role may do with it."
);
