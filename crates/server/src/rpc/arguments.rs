//! Parameters by position and by name become one map, then the method's own type. Every refusal names the parameter.

mod reason;
mod strict;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::RpcError;
use strict::Strict;

/// Positional parameters get their names; unknown and doubled ones are refused.
pub(super) fn merge(
    method: &str,
    names: &[String],
    arg: Vec<Value>,
    mut kwarg: Map<String, Value>,
) -> Result<Map<String, Value>, RpcError> {
    let known = if names.is_empty() { "no parameters".to_owned() } else { names.join(", ") };
    if arg.len() > names.len() {
        return Err(RpcError::Unusable(format!(
            "{method} takes at most {} positional parameters ({known}), {} were given",
            names.len(),
            arg.len()
        )));
    }
    if let Some(unknown) = kwarg.keys().find(|name| !names.contains(name)) {
        let nearest =
            nearest(unknown, names).map(|name| format!(" (did you mean {name:?}?)")).unwrap_or_default();
        return Err(RpcError::wrong(unknown, "not known", format!("{method} takes {known}{nearest}")));
    }
    for (name, value) in names.iter().zip(arg) {
        if kwarg.contains_key(name) {
            return Err(RpcError::wrong(name, "given twice", "give it by position or by name, not both"));
        }
        kwarg.insert(name.clone(), value);
    }
    Ok(kwarg)
}

/// The method's own type; the error says which parameter, what was given and what was expected.
pub(super) fn read<T: DeserializeOwned>(params: Map<String, Value>) -> Result<T, RpcError> {
    let given = params.clone();
    serde_path_to_error::deserialize(Strict(Value::Object(params))).map_err(|error| {
        let path = error.path().to_string();
        reason::refusal(&path, lookup(&given, &path).map(shorten), &error.inner().to_string())
    })
}

fn lookup<'a>(given: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut parts = path.split(['.', '[', ']']).filter(|part| !part.is_empty());
    let first = given.get(parts.next()?)?;
    parts.try_fold(first, |value, part| match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    })
}

fn shorten(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 60 { text } else { text.chars().take(60).collect::<String>() + "…" }
}

/// The known name that is nearest to what was written, when it is near.
pub(super) fn nearest<'a>(word: &str, names: &'a [String]) -> Option<&'a str> {
    names
        .iter()
        .map(|name| (distance(word, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name.as_str())
}

/// Levenshtein's distance, bounded: words of an API are short.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.iter().enumerate() {
            let next = (row[j] + 1).min(row[j + 1] + 1).min(diagonal + usize::from(ca != cb));
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}
