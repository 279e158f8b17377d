//! `auth.get_all_groups`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Page, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetAllGroupsParams {
    /// Groups of this directory; `internal` is ours.
    pub config_name: Option<String>,
    /// With their members.
    pub include_users: bool,
    /// With what clients keep with them.
    pub include_custom_data: bool,
    /// By name.
    pub sort_by: Option<GroupSort>,
    /// Last name first.
    pub reverse: bool,
    /// -1 or 0 for all.
    pub limit: i64,
    /// From 0.
    pub page: Option<u32>,
}

impl Default for GetAllGroupsParams {
    fn default() -> Self {
        Self {
            config_name: None,
            include_users: false,
            include_custom_data: false,
            sort_by: None,
            reverse: false,
            limit: super::fifty(),
            page: None,
        }
    }
}

/// What groups can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupSort {
    /// Name.
    #[default]
    Name,
}

/// A group. The one whose names are null holds the accounts that are in no group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Its uuid.
    pub uuid: Option<Uuid>,
    /// Directory.
    pub config_name: Option<String>,
    /// Its key in an outside directory.
    pub remote_uid: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// For people.
    pub desc: Option<String>,
    /// Its members, when they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<GroupMember>>,
    /// Names of its roles.
    pub roles: Vec<String>,
    /// What a client keeps with it, when it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Value>,
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupMember {
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
    /// Everything that it may do.
    pub perms: Vec<String>,
    /// Its roles, those of its groups included.
    pub roles: Vec<String>,
    /// Its groups.
    pub groups: Vec<String>,
}

method!(
    GetAllGroups,
    "auth",
    "get_all_groups",
    GetAllGroupsParams,
    Page<Group>,
    "Groups of accounts with their roles; the last one, whose names are null, holds the accounts that are in no group."
);
