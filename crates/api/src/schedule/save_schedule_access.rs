//! `schedule.save_schedule_access`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AccessPayload, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveScheduleAccessParams {
    /// The schedule.
    pub uuid: Uuid,
    /// Role → read (what it runs), write (then it belongs to whoever writes it), discover (when it runs), delete.
    pub access_payload: AccessPayload,
}

method!(
    SaveScheduleAccess,
    "schedule",
    "save_schedule_access",
    SaveScheduleAccessParams,
    Uuid,
    "Say which roles may do what with a schedule: exactly these. Its owner and superusers may. It goes on running as its owner."
);
