//! `tgt.save_target_group_access`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AccessPayload, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveTargetGroupAccessParams {
    /// The group.
    pub tgt_uuid: Uuid,
    /// Role → read, write, discover, delete.
    pub access_payload: AccessPayload,
}

method!(
    SaveTargetGroupAccess,
    "tgt",
    "save_target_group_access",
    SaveTargetGroupAccessParams,
    Uuid,
    "Say which roles may do what with a target group: exactly these. Its owner and superusers may."
);
