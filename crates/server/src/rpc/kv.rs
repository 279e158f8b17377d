//! `kv.*`: values that clients keep. One file per method; here what a key and a value may be.

mod delete_key;
mod delete_system_key;
mod get_key;
mod list_keys;
mod set_key;
mod set_system_key;

use serde_json::Value;

use crate::RpcError;

/// Longest key.
const MAX_KEY: usize = 256;
/// Largest value, as JSON.
const MAX_VALUE: usize = 1 << 20;
/// Most keys of one account.
const MAX_KEYS: i64 = 1000;

/// Refuses what is no key.
fn key(key: &str) -> Result<&str, RpcError> {
    if key.is_empty() || key.chars().count() > MAX_KEY || key.contains(char::is_control) {
        let shown: String = key.chars().take(60).collect();
        let expected = format!("1 to {MAX_KEY} characters without control characters");
        return Err(RpcError::invalid("key", format!("{shown:?}"), expected));
    }
    Ok(key)
}

/// A value as it is stored.
fn packed(value: &Value) -> Result<String, RpcError> {
    let text = value.to_string();
    if text.len() > MAX_VALUE {
        return Err(RpcError::TooLarge(format!(
            "parameter \"value\" has {} bytes as JSON: {MAX_VALUE} at most are kept",
            text.len()
        )));
    }
    Ok(text)
}
