//! `auth.get_sessions`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetSessionsParams {
    /// Of this account; one's own when it is left out.
    pub account_uuid: Option<Uuid>,
    /// Of everybody.
    pub everybody: bool,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignedIn {
    /// The session.
    pub uuid: Uuid,
    /// Whose.
    pub account_uuid: Uuid,
    /// Whose.
    pub username: String,
    /// When it began.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen: Timestamp,
    /// From where it was begun.
    pub address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// It is the one of this call.
    pub current: bool,
}

method!(
    GetSessions,
    "auth",
    "get_sessions",
    GetSessionsParams,
    Vec<SignedIn>,
    "Who is signed in with a password, from where and since when (ours). Sessions of others want metadata-auth-read."
);
