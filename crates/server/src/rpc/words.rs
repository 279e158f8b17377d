//! Words of the database → our closed types. A word that is none of them is a fault of ours, not of the caller.

use raas_db::body;
use serde_json::Value;

use crate::RpcError;

/// Reads one word.
pub(crate) fn read<T, F: Fn(&str) -> Option<T>>(word: &str, from: F) -> Result<T, RpcError> {
    from(word).ok_or_else(|| RpcError::Internal(format!("unexpected word {word:?} in the database")))
}

/// JSON that we stored ourselves. What nests too deep for a value is given as its text.
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// A stored value. The text was JSON when it came.
pub(crate) fn packed(packed: Option<&[u8]>) -> Result<Value, RpcError> {
    let Some(packed) = packed else { return Ok(Value::Null) };
    let plain = body::unpack(packed).map_err(|error| RpcError::Internal(format!("stored value: {error}")))?;
    Ok(json(&String::from_utf8_lossy(&plain)))
}
