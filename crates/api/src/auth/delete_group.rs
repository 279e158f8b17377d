//! `auth.delete_group`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order: the uuid, or the name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeleteGroupParams {
    /// Directory; `internal` when it is left out.
    pub config_name: Option<String>,
    /// Name.
    pub group_name: Option<String>,
    /// Uuid.
    pub group_uuid: Option<Uuid>,
}

method!(
    DeleteGroup,
    "auth",
    "delete_group",
    DeleteGroupParams,
    bool,
    "Delete a group. Its members stay, without the roles that they had through it."
);
