//! `auth.get_role`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Roles;
use crate::method;

/// Parameters, in positional order: one of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetRoleParams {
    /// Name.
    pub role_name: Option<String>,
    /// Uuid.
    pub role_uuid: Option<Uuid>,
}

method!(GetRole, "auth", "get_role", GetRoleParams, Roles, "One role, by its name.");
