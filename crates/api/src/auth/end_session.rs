//! `auth.end_session`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::method;

/// Parameters, in positional order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EndSessionParams {
    /// This one; the one of this call when nothing is said.
    pub session_uuid: Option<Uuid>,
    /// All sessions of this account but the one of this call.
    pub account_uuid: Option<Uuid>,
}

method!(
    EndSession,
    "auth",
    "end_session",
    EndSessionParams,
    u64,
    "Sign out (ours): a session, or the other sessions of an account. How many ended comes back. Sessions of others want metadata-auth-write."
);
