//! `auth.get_user`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Scope, method};

/// Parameters, in positional order: the uuid, or the name. None at all: whoever asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetUserParams {
    /// Uuid.
    pub account_uuid: Option<Uuid>,
    /// Name.
    pub username: Option<String>,
    /// Directory; `internal` when it is left out.
    pub config_name: Option<String>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct User {
    /// Its uuid.
    pub uuid: Uuid,
    /// Its groups.
    pub groups: Vec<String>,
    /// Everything that it may do.
    pub perms: Vec<String>,
    /// Directory.
    pub config_name: String,
    /// What a client keeps with it.
    pub custom_data: Option<Value>,
    /// Its roles, those of its groups included.
    pub roles: Vec<String>,
    /// Name.
    pub username: String,
    /// The minions that it never gets beyond; null: no limit (ours).
    pub scope: Option<Scope>,
    /// When it was made (ours).
    pub created: Timestamp,
    /// When it last signed in with its password (ours).
    pub last_login: Option<Timestamp>,
}

method!(
    GetUser,
    "auth",
    "get_user",
    GetUserParams,
    User,
    "One account. Everybody may see their own; others want metadata-auth-read."
);
