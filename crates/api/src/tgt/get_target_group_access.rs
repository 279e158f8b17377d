//! `tgt.get_target_group_access`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Auth, method};

/// Parameters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetTargetGroupAccessParams {
    /// The group.
    pub tgt_uuid: Uuid,
}

method!(
    GetTargetGroupAccess,
    "tgt",
    "get_target_group_access",
    GetTargetGroupAccessParams,
    Auth,
    "Whose target group it is, and what each role may do with it."
);
