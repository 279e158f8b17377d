//! `auth.delete_role`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order: one of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeleteRoleParams {
    /// Name.
    pub role_name: Option<String>,
    /// Uuid.
    pub role_uuid: Option<Uuid>,
}

method!(
    DeleteRole,
    "auth",
    "delete_role",
    DeleteRoleParams,
    bool,
    "Delete a role; whoever had it does not have it any more. Built-in roles stay."
);
