//! `auth.get_all_users`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetAllUsersParams {
    /// Accounts of this directory; `internal` is ours.
    pub config_name: Option<String>,
    /// With their roles.
    pub include_roles: bool,
    /// With the roles that they have through groups, too.
    pub include_inherited_roles: bool,
    /// With everything that they may do.
    pub include_perms: bool,
    /// With their groups.
    pub include_groups: bool,
    /// With what clients keep with them.
    pub include_custom_data: bool,
    /// With the account `deleted`, which stands for all that are gone.
    pub include_deleted_user: bool,
    /// Default: `username`.
    pub sort_by: Option<UserSort>,
    /// Last one first.
    pub reverse: bool,
    /// -1 or 0 for all.
    pub limit: i64,
    /// From 0.
    pub page: Option<u32>,
}

impl Default for GetAllUsersParams {
    fn default() -> Self {
        Self {
            config_name: None,
            include_roles: false,
            include_inherited_roles: false,
            include_perms: false,
            include_groups: false,
            include_custom_data: false,
            include_deleted_user: false,
            sort_by: None,
            reverse: false,
            limit: super::fifty(),
            page: None,
        }
    }
}

/// What accounts can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    /// Name.
    #[default]
    Username,
    /// No account has one: by name.
    Email,
}

/// An account in a list; what was not asked for is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListedUser {
    /// Its uuid.
    pub uuid: Uuid,
    /// Directory.
    pub config_name: String,
    /// Name.
    pub username: String,
    /// Not kept: null.
    pub email: Option<String>,
    /// Its key in an outside directory.
    pub remote_uid: Option<String>,
    /// When it last signed in with its password (ours).
    pub last_login: Option<Timestamp>,
    /// Its roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Everything that it may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub perms: Option<Vec<String>>,
    /// Its groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// What a client keeps with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Value>,
}

method!(
    GetAllUsers,
    "auth",
    "get_all_users",
    GetAllUsersParams,
    Page<ListedUser>,
    "Accounts of one directory, or of all."
);
