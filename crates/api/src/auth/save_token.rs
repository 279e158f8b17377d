//! `auth.save_token`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Permission, Scope, Secret, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveTokenParams {
    /// What it is for; unique among one's tokens.
    pub name: String,
    /// Of one's permissions only these; all of them when it is left out.
    #[serde(default)]
    pub perms: Option<Vec<Permission>>,
    /// Days until it ends, from 1 to 366; 90 when it is left out.
    #[serde(default)]
    pub days: Option<u32>,
    /// Of one's minions only these; wants `perms` without superuser.
    #[serde(default)]
    pub scope: Option<Scope>,
}

/// A new token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewToken {
    /// Its uuid.
    pub uuid: Uuid,
    /// Send it as `Authorization: Bearer <token>`. It is shown this once; the server keeps only its hash.
    pub token: Secret,
    /// When it ends.
    pub expires: Timestamp,
}

method!(
    SaveToken,
    "auth",
    "save_token",
    SaveTokenParams,
    NewToken,
    "Make a token for a program that acts for you (ours), with all of your permissions or some, on all of your minions or some. It never may do more than you at that moment."
);
