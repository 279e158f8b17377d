//! `auth.get_auth_pubkey`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{NoParams, method};

/// The server's public key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AuthPubkey {
    /// SPKI PEM, Ed25519.
    pub public_key: String,
    /// SHA-256 of the key, hex: what `raas-plugin status` shows as the pinned key of the server.
    pub fingerprint: String,
}

method!(
    GetAuthPubkey,
    "auth",
    "get_auth_pubkey",
    NoParams,
    AuthPubkey,
    "The public key with which this server signs its replies to plugins."
);
