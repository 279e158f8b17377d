//! `auth.delete_token`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteTokenParams {
    /// Which one.
    pub token_uuid: Uuid,
}

method!(
    DeleteToken,
    "auth",
    "delete_token",
    DeleteTokenParams,
    bool,
    "Revoke a token of a program (ours); the next call with it is refused. Tokens of others want metadata-auth-write."
);
