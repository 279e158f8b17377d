//! msgpack values as JSON text. Where JSON cannot carry a value it says so, and whoever needs it keeps the bytes beside it.

use std::fmt::Write as _;

use rmpv::Value;

use crate::msgpack::EXT_DATETIME;

/// Readers of JSON stop at 128; what nests deeper is left out of the text.
const DEEPEST: usize = 100;
/// Of the text that stands for a key which is a list or map.
const LONGEST_KEY: usize = 200;

/// A value as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonText {
    /// Valid JSON.
    pub text: String,
    /// The value cannot be made again from the text: it holds bytes, text that is not UTF-8 or has NUL characters, NaN,
    /// keys that are no text, extension types, or it nests too deep.
    pub lossy: bool,
}

/// Writes a value as JSON.
pub fn to_json(value: &Value) -> JsonText {
    let mut writer = Writer { out: String::new(), lossy: false };
    writer.value(value, 0);
    JsonText { text: writer.out, lossy: writer.lossy }
}

struct Writer {
    out: String,
    lossy: bool,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Nil => self.out.push_str("null"),
            Value::Boolean(true) => self.out.push_str("true"),
            Value::Boolean(false) => self.out.push_str("false"),
            Value::Integer(number) => self.plain(number),
            Value::F32(number) => self.float(f64::from(*number)),
            Value::F64(number) => self.float(*number),
            Value::String(text) => match text.as_str() {
                Some(text) => self.text(text),
                None => self.bytes(text.as_bytes()),
            },
            Value::Binary(bytes) => self.bytes(bytes),
            Value::Ext(kind, bytes) => self.extension(*kind, bytes),
            Value::Array(_) | Value::Map(_) if depth >= DEEPEST => {
                self.lossy = true;
                self.text("(nested too deep to show)");
            }
            Value::Array(items) => self.array(items, depth),
            Value::Map(entries) => self.map(entries, depth),
        }
    }

    fn plain(&mut self, value: impl std::fmt::Display) {
        // Writing to a String does not fail.
        let _ = write!(self.out, "{value}");
    }

    fn float(&mut self, number: f64) {
        if number.is_finite() {
            match serde_json::Number::from_f64(number) {
                Some(number) => self.plain(number),
                None => self.out.push_str("null"),
            }
        } else {
            self.lossy = true;
            let name = if number.is_nan() {
                "NaN"
            } else if number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            };
            self.text(name);
        }
    }

    fn text(&mut self, text: &str) {
        self.lossy |= text.contains('\0');
        match serde_json::to_string(text) {
            Ok(quoted) => self.out.push_str(&quoted),
            Err(_) => self.out.push_str("\"\""),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.lossy = true;
        self.text(&String::from_utf8_lossy(bytes));
    }

    fn extension(&mut self, kind: i8, bytes: &[u8]) {
        self.lossy = true;
        match std::str::from_utf8(bytes) {
            Ok(text) if kind == EXT_DATETIME => self.text(&datetime(text)),
            _ => self.text(&format!("(extension {kind}) {}", hex::encode(bytes.get(..64).unwrap_or(bytes)))),
        }
    }

    fn array(&mut self, items: &[Value], depth: usize) {
        self.out.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.value(item, depth + 1);
        }
        self.out.push(']');
    }

    fn map(&mut self, entries: &[(Value, Value)], depth: usize) {
        self.out.push('{');
        for (at, (key, value)) in entries.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.key(key, depth + 1);
            self.out.push(':');
            self.value(value, depth + 1);
        }
        self.out.push('}');
    }

    /// JSON knows only texts as keys; others are written as a text that shows them.
    fn key(&mut self, key: &Value, depth: usize) {
        match key {
            Value::String(_) | Value::Binary(_) | Value::Ext(..) => self.value(key, depth),
            Value::Nil => self.shown("null"),
            Value::Array(_) | Value::Map(_) => {
                // rmpv's own text grows in step with the value: quoting JSON within JSON would double at each level.
                self.shown(&key.to_string().chars().take(LONGEST_KEY).collect::<String>());
            }
            other => self.shown(&other.to_string()),
        }
    }

    fn shown(&mut self, key: &str) {
        self.lossy = true;
        self.text(key);
    }
}

/// `20260102T03:04:05.000678` as `2026-01-02T03:04:05.000678`.
fn datetime(text: &str) -> String {
    match (text.get(..4), text.get(4..6), text.get(6..)) {
        (Some(year), Some(month), Some(rest)) => format!("{year}-{month}-{rest}"),
        _ => text.to_owned(),
    }
}
