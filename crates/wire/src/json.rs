//! A JSON value carried as its own text, and bytes carried beside it where JSON cannot hold them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON document as text: passed through from the minion to the database without being rebuilt.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    /// JSON `null`.
    pub fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    /// Takes text that is valid JSON.
    ///
    /// # Errors
    /// When `text` is not one JSON document.
    pub fn from_text(text: String) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text).map(Self)
    }

    /// The text of the document.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Parsed. Numbers beyond what `serde_json::Value` holds become `null`.
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(self.0.get()).unwrap_or(serde_json::Value::Null)
    }
}

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        RawValue::from_string(value.to_string()).map_or_else(|_| Self::null(), Self)
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self::from(&value)
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() || self.value() == other.value()
    }
}

/// The bytes that came from Salt (msgpack of the return), kept when JSON cannot carry them whole:
/// text that is not UTF-8, binaries, map keys that are not text, NaN. Base64 in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original(pub Vec<u8>);

impl Serialize for Original {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Original {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}
