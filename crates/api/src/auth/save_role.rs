//! `auth.save_role`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Permission, Scope, method};

/// Parameters, in positional order. With the uuid the role is changed, and the name may be a new one. What is left
/// out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaveRoleParams {
    /// Name.
    pub role_name: Option<String>,
    /// Uuid.
    pub role_uuid: Option<Uuid>,
    /// What it allows: exactly this.
    pub perms: Option<Vec<Permission>>,
    /// For people.
    pub description: Option<String>,
    /// The minions that it reaches; `{}` takes the limit away (ours).
    pub scope: Option<Scope>,
}

method!(
    SaveRole,
    "auth",
    "save_role",
    SaveRoleParams,
    Uuid,
    "Make or change a role; its uuid comes back. Built-in roles stay as they are. Nobody gives more than they have."
);
