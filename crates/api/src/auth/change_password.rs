//! `auth.change_password`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Secret, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordParams {
    /// Whose.
    pub account_uuid: Uuid,
    /// The new one.
    pub password: Secret,
}

method!(
    ChangePassword,
    "auth",
    "change_password",
    ChangePasswordParams,
    bool,
    "Set a new password; the other sessions of the account end. Everybody may change their own; that of another account wants metadata-auth-write, and at least the permissions of that account."
);
