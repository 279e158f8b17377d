//! `auth.get_jwt`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{NoParams, method};

/// A token.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Jwt {
    /// Send it as `Authorization: JWT <jwt>`.
    pub jwt: String,
}

method!(GetJwt, "auth", "get_jwt", NoParams, Jwt, "A new token for whoever is signed in.");
