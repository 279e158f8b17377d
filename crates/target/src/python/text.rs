//! `str()` of a value. Where the text depends on what JSON in a database does not keep, it is said to be vague.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Number, Value};

/// Magnitude from which a JSON number without a fraction may have been an integer or a float.
const EXACT: f64 = 9_223_372_036_854_775_808.0;

/// The text of a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Text<'a> {
    /// This.
    Known(Cow<'a, str>),
    /// Not known but for its first and last character: the order of a map's keys is not kept.
    Around(char, char),
    /// Not known: a number too large to be exact.
    Hidden,
}

/// Python's `str()` of `value`.
pub(crate) fn text(value: &Value) -> Text<'_> {
    match value {
        Value::String(text) => Text::Known(Cow::Borrowed(text)),
        Value::Bool(true) => Text::Known(Cow::Borrowed("True")),
        Value::Bool(false) => Text::Known(Cow::Borrowed("False")),
        Value::Null => Text::Known(Cow::Borrowed("None")),
        Value::Number(number) => number_text(number).map_or(Text::Hidden, |text| Text::Known(text.into())),
        Value::Array(_) | Value::Object(_) => {
            let mut out = String::new();
            match (write(value, &mut out), value) {
                (Some(()), _) => Text::Known(Cow::Owned(out)),
                (None, Value::Array(_)) => Text::Around('[', ']'),
                (None, _) => Text::Around('{', '}'),
            }
        }
    }
}

/// `repr()`; none where it cannot be known.
fn write(value: &Value, out: &mut String) -> Option<()> {
    match value {
        Value::String(text) => quoted(text, out),
        Value::Number(number) => out.push_str(&number_text(number)?),
        Value::Array(members) => {
            out.push('[');
            for (at, member) in members.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write(member, out)?;
            }
            out.push(']');
        }
        Value::Object(map) if map.len() > 1 => return None,
        Value::Object(map) => {
            out.push('{');
            for (key, member) in map {
                quoted(key, out);
                out.push_str(": ");
                write(member, out)?;
            }
            out.push('}');
        }
        plain => {
            if let Text::Known(text) = text(plain) {
                out.push_str(&text);
            }
        }
    }
    Some(())
}

fn number_text(number: &Number) -> Option<String> {
    if number.is_f64() { float(number.as_f64()?) } else { Some(number.to_string()) }
}

/// Python's `repr` of a float: the shortest digits, an exponent below 1e-4 and from 1e16.
fn float(number: f64) -> Option<String> {
    if number.abs() >= EXACT {
        return None;
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if (-4..16).contains(&exponent) {
        let plain = number.to_string();
        return Some(if plain.contains('.') { plain } else { plain + ".0" });
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    Some(format!("{digits}e{sign}{:02}", exponent.abs()))
}

fn quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if printable(c) => out.push(c),
            c => escaped(c, out),
        }
    }
    out.push(quote);
}

fn escaped(c: char, out: &mut String) {
    let code = u32::from(c);
    // Writing to a String cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

fn printable(c: char) -> bool {
    /// None cannot happen: the class is fixed.
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[\p{C}\p{Z}]").ok());
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    OTHER.as_ref().is_some_and(|other| !other.is_match(c.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Text, text};

    #[test]
    fn values_read_as_python_writes_them() {
        for (value, expected) in [
            (json!("a"), "a"),
            (json!(null), "None"),
            (
                json!([true, null, "a'b", "\"'", "\n\u{7f}é\u{200b}"]),
                r#"[True, None, "a'b", '"\'', '\n\x7fé\u200b']"#,
            ),
            (
                json!({"a": [1, 2.0, 1e-5, 1.5e17, 0.0001, -0.0]}),
                "{'a': [1, 2.0, 1e-05, 1.5e+17, 0.0001, -0.0]}",
            ),
        ] {
            assert_eq!(text(&value), Text::Known(expected.into()));
        }
    }

    #[test]
    fn what_json_does_not_keep_is_not_made_up() {
        assert_eq!(text(&json!({"a": 1, "b": 2})), Text::Around('{', '}'));
        assert_eq!(text(&json!([{"a": 1, "b": 2}])), Text::Around('[', ']'));
        let huge: Value = serde_json::from_str("1180591620717411303424").unwrap();
        assert_eq!(text(&huge), Text::Hidden);
    }
}
