//! The jid: 20 digits of a UTC time, as text, because 20 digits do not fit 64 bits.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A job id: `YYYYMMDDhhmmssffffff`, UTC when we drew it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Jid(String);

impl JsonSchema for Jid {
    fn schema_name() -> Cow<'static, str> {
        "Jid".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[0-9]{20}$", "description": "A job id: 20 digits."})
    }
}

/// Text that is no jid.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a jid: expected 20 digits, as 20260102030405000678")]
pub struct JidError(String);

impl Jid {
    /// The jid of a moment. Uniqueness is the database's business.
    pub fn at(time: Timestamp) -> Self {
        let t = time.to_zoned(TimeZone::UTC).datetime();
        Self(format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}{:06}",
            t.year(),
            t.month(),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.subsec_nanosecond() / 1000
        ))
    }

    /// The 20 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The UTC day that the digits name, if they name one (a foreign jid may be any 20 digits).
    pub fn day(&self) -> Option<Date> {
        let number = |from: usize, to: usize| self.0[from..to].parse::<i16>().ok();
        let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }
}

impl TryFrom<String> for Jid {
    type Error = JidError;
    fn try_from(text: String) -> Result<Self, JidError> {
        if text.len() == 20 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(JidError(text))
        }
    }
}

impl std::str::FromStr for Jid {
    type Err = JidError;
    fn from_str(text: &str) -> Result<Self, JidError> {
        Self::try_from(text.to_owned())
    }
}

impl From<Jid> for String {
    fn from(jid: Jid) -> Self {
        jid.0
    }
}

impl std::fmt::Display for Jid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
