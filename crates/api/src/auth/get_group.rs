//! `auth.get_group`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Group;
use crate::method;

/// Parameters, in positional order: the uuid, or the name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetGroupParams {
    /// Directory; `internal` when it is left out.
    pub config_name: Option<String>,
    /// Name.
    pub group_name: Option<String>,
    /// Uuid.
    pub group_uuid: Option<Uuid>,
    /// With its members.
    pub include_users: bool,
}

method!(GetGroup, "auth", "get_group", GetGroupParams, Group, "One group.");
