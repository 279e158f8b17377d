//! `auth.delete_user`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order: the uuid, or the name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeleteUserParams {
    /// Directory; `internal` when it is left out.
    pub config_name: Option<String>,
    /// Name.
    pub username: Option<String>,
    /// Uuid.
    pub account_uuid: Option<Uuid>,
}

method!(
    DeleteUser,
    "auth",
    "delete_user",
    DeleteUserParams,
    bool,
    "Delete an account with its sessions and tokens. What it did stays in the history under its name. root stays, and so does the last account with the permission superuser."
);
