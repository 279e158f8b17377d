//! `auth.save_user`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{Permission, Scope, Secret, method};

/// Parameters, in positional order. With the uuid the account is changed, and the name may be a new one. What is left
/// out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SaveUserParams {
    /// Directory; `internal` when it is left out.
    pub config_name: Option<String>,
    /// Name.
    pub username: Option<String>,
    /// Uuid.
    pub account_uuid: Option<Uuid>,
    /// Permissions beside those of its roles: exactly these.
    pub perms: Option<Vec<Permission>>,
    /// Names of its roles: exactly these. A new account has the role User when nothing is said.
    pub roles: Option<Vec<String>>,
    /// Names of its groups: exactly these.
    pub groups: Option<Vec<String>>,
    /// For a new account only; later auth.change_password.
    pub password: Option<Secret>,
    /// Its key in an outside directory.
    pub remote_uid: Option<String>,
    /// What a client keeps with it.
    pub custom_data: Option<Map<String, Value>>,
    /// The minions that it never gets beyond, whatever its roles reach; `{}` takes the limit away (ours).
    pub scope: Option<Scope>,
}

method!(
    SaveUser,
    "auth",
    "save_user",
    SaveUserParams,
    Uuid,
    "Make or change an account; its uuid comes back. Nobody gives more than they have, or changes an account that may do more."
);
