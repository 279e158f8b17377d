//! `auth.save_group`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Group;
use crate::method;

/// Parameters, in positional order. With the uuid the group is changed, and the name may be a new one. What is left
/// out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaveGroupParams {
    /// Directory; `internal` when it is left out.
    pub config_name: Option<String>,
    /// Name.
    pub group_name: Option<String>,
    /// Uuid.
    pub group_uuid: Option<Uuid>,
    /// For people.
    pub description: Option<String>,
    /// Names of its roles: exactly these.
    pub roles: Option<Vec<String>>,
    /// What a client keeps with it.
    pub custom_data: Option<Map<String, Value>>,
    /// Its key in an outside directory.
    pub remote_uid: Option<String>,
}

method!(
    SaveGroup,
    "auth",
    "save_group",
    SaveGroupParams,
    Group,
    "Make or change a group. Accounts are put into groups with auth.save_user. Nobody gives more than they have."
);
