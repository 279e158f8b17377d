//! `kv.*`: values that clients keep: each account its own, and the server's. Plain data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{NoParams, method};

/// Parameters: a key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyParams {
    /// The key.
    pub key: String,
}

/// Parameters, in positional order: a key and its value.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyValueParams {
    /// The key.
    pub key: String,
    /// Any JSON.
    pub value: Value,
}

method!(
    DeleteKey,
    "kv",
    "delete_key",
    KeyParams,
    i64,
    "Delete one of the caller's own keys: 1, or 0 when there was none."
);
method!(
    GetKey,
    "kv",
    "get_key",
    KeyParams,
    Value,
    "The value of one of the caller's own keys; null when there is none."
);
method!(ListKeys, "kv", "list_keys", NoParams, Vec<String>, "The caller's own keys.");
method!(
    SetKey,
    "kv",
    "set_key",
    KeyValueParams,
    bool,
    "Keep a value under a key of the caller's own. Keys of others are never seen."
);
method!(
    DeleteSystemKey,
    "kv",
    "delete_system_key",
    KeyParams,
    i64,
    "Delete a key of the server: 1, or 0 when there was none."
);
method!(
    SetSystemKey,
    "kv",
    "set_system_key",
    KeyValueParams,
    bool,
    "Keep a value under a key of the server. It cannot be read over the API."
);
