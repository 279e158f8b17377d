//! `auth.get_tokens`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Scope, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetTokensParams {
    /// Of this account; one's own when it is left out.
    pub account_uuid: Option<Uuid>,
    /// Of everybody.
    pub everybody: bool,
}

/// A token, without the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Token {
    /// Its uuid.
    pub uuid: Uuid,
    /// What it is for.
    pub name: String,
    /// Whose.
    pub account_uuid: Uuid,
    /// Whose.
    pub username: String,
    /// Of the account's permissions only these; null: all.
    pub perms: Option<Vec<String>>,
    /// Of the account's minions only these; null: all.
    pub scope: Option<Scope>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// It has ended.
    pub expired: bool,
    /// When it was last used, to the minute.
    pub last_used: Option<Timestamp>,
}

method!(
    GetTokens,
    "auth",
    "get_tokens",
    GetTokensParams,
    Vec<Token>,
    "Tokens of programs (ours): what for, until when, last used when. Tokens of others want metadata-auth-read."
);
