//! `path:to:grain:value` against grains, by the rules of Salt's `subdict_match` and `traverse_dict_and_list`.

use serde_json::{Map, Value};

use crate::{Match, TargetError, glob::Glob, pcre::Pcre};

/// How the value part is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    Glob,
    Pcre,
}

/// A grain expression.
#[derive(Clone, Debug)]
pub(crate) struct GrainTarget {
    parts: Vec<String>,
    delimiter: String,
    compare: Compare,
}

impl GrainTarget {
    pub(crate) fn new(expression: &str, delimiter: &str, compare: Compare) -> Result<Self, TargetError> {
        let parts: Vec<String> = expression.split(delimiter).map(str::to_owned).collect();
        if parts.len() < 2 {
            return Err(TargetError::BadGrain(expression.to_owned()));
        }
        Ok(Self { parts, delimiter: delimiter.to_owned(), compare })
    }

    pub(crate) fn matches(&self, grains: Option<&Value>) -> Match {
        grains.map_or(Match::Unknown, |grains| self.in_data(grains, &self.parts))
    }

    /// Longest key first: `a:b:c` is tried as key `a:b` with value `c`, then as key `a` with value `b:c`.
    fn in_data(&self, data: &Value, parts: &[String]) -> Match {
        let mut found = Match::No;
        for split in (1..parts.len()).rev() {
            let (key, rest) = parts.split_at(split);
            let verdict = if key == ["*"] {
                self.in_value(data, parts)
            } else {
                traverse(data, key).map_or(Match::No, |value| self.in_value(value, rest))
            };
            found = found.or(verdict);
            if found == Match::Yes {
                break;
            }
        }
        found
    }

    fn in_value(&self, value: &Value, rest: &[String]) -> Match {
        match value {
            Value::Object(map) if map.is_empty() => Match::No,
            Value::Object(map) => self.in_map(map, value, rest),
            Value::Array(members) => members.iter().fold(Match::No, |found, member| {
                let deeper = match member {
                    Value::Object(map) => self.in_map(map, member, rest),
                    _ => Match::No,
                };
                found.or(deeper).or(self.scalar(member, rest))
            }),
            scalar => self.scalar(scalar, rest),
        }
    }

    fn in_map(&self, map: &Map<String, Value>, whole: &Value, rest: &[String]) -> Match {
        let (wildcard, rest) =
            if rest.len() > 1 && rest[0] == "*" { (true, &rest[1..]) } else { (false, rest) };
        if rest == ["*"] || map.contains_key(&rest.join(&self.delimiter)) {
            return Match::Yes;
        }
        let found = self.in_data(whole, rest);
        if found == Match::Yes || !wildcard {
            return found;
        }
        map.values().fold(found, |found, value| found.or(self.below_wildcard(value, rest)))
    }

    fn below_wildcard(&self, value: &Value, rest: &[String]) -> Match {
        match value {
            Value::Object(map) => self.in_map(map, value, rest),
            Value::Array(members) => {
                members.iter().fold(Match::No, |found, member| found.or(self.scalar(member, rest)))
            }
            scalar => self.scalar(scalar, rest),
        }
    }

    fn scalar(&self, value: &Value, rest: &[String]) -> Match {
        let (text, pattern) = (python_text(value), rest.join(&self.delimiter));
        match self.compare {
            Compare::Glob => Glob::ignoring_case(&pattern).matches(&text).into(),
            Compare::Pcre => Pcre::ignoring_case(&pattern).matches(&text),
        }
    }
}

/// Follows keys down; a digit indexes a list, any other key is looked for in the maps of a list.
fn traverse<'a>(data: &'a Value, keys: &[String]) -> Option<&'a Value> {
    keys.iter().try_fold(data, |value, key| match value {
        Value::Object(map) => map.get(key),
        Value::Array(members) => match key.parse::<usize>() {
            Ok(index) => members.get(index),
            Err(_) => members.iter().find_map(|member| member.get(key)),
        },
        _ => None,
    })
}

/// Python's `str()` of a value, as far as grains go.
fn python_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => "None".to_owned(),
        other => other.to_string(),
    }
}
