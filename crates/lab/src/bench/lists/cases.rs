//! Which calls are measured: each list with its first and its last page, every filter and every order. Filters and orders
//! come from what `api.discover` tells, their values from `cases.yaml`: what is new there and not here is an error.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Parameters that cases are made of in other ways.
const OF_PAGES: &[&str] = &["page", "limit", "reverse", "sort_by", "sort_order", "daterange_fmt"];

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cases {
    /// By the name of a parameter.
    values: BTreeMap<String, Value>,
    /// Methods that are measured.
    lists: BTreeMap<String, List>,
    /// Methods that look like lists and are none, and why.
    no_lists: BTreeMap<String, String>,
    /// Methods that are to be measured later, and why.
    not_yet: BTreeMap<String, String>,
}

/// How one list is called.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct List {
    /// Parameters of every call.
    always: Map<String, Value>,
    /// Values of filters; those that are not here are in `values`.
    with: BTreeMap<String, Value>,
    /// Parameters that are no filters.
    without: BTreeSet<String>,
    /// Orders, where the schema does not name them.
    sorts: Vec<Value>,
    /// More calls.
    also: Vec<Map<String, Value>>,
}

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Case {
    /// `resource.method`
    pub(super) method: String,
    /// Parameters.
    pub(super) kwarg: Value,
    /// The last page of what the parameters find.
    pub(super) last_page: bool,
}

impl Case {
    /// As it is printed.
    pub(super) fn name(&self) -> String {
        let mut words = Vec::new();
        for (name, value) in self.kwarg.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            words.push(format!("{name}={}", text.chars().take(40).collect::<String>()));
        }
        words.extend(self.last_page.then(|| "last page".to_owned()));
        format!("{} {}", self.method, words.join(" ")).trim_end().to_owned()
    }
}

impl Cases {
    pub(super) fn read() -> Result<Self> {
        serde_yaml::from_str(include_str!("cases.yaml")).context("cases.yaml cannot be read")
    }

    /// What is not measured, and why.
    pub(super) fn left_out(&self) -> impl Iterator<Item = (&str, &str)> {
        self.not_yet.iter().map(|(method, why)| (method.as_str(), why.as_str()))
    }

    /// The methods that are measured, out of those that the server tells of.
    pub(super) fn lists(&self, told: &BTreeMap<String, Value>) -> Result<Vec<String>> {
        let known = |name: &String| {
            self.lists.contains_key(name)
                || self.no_lists.contains_key(name)
                || self.not_yet.contains_key(name)
        };
        let new: Vec<&String> = told
            .iter()
            .filter(|(name, told)| is_like_a_list(name, told) && !known(name))
            .map(|(name, _)| name)
            .collect();
        if !new.is_empty() {
            bail!("lists without a case in cases.yaml: {new:?}");
        }
        let all = self.lists.keys().chain(self.no_lists.keys()).chain(self.not_yet.keys());
        let gone: Vec<&String> = all.filter(|name| !told.contains_key(*name)).collect();
        if !gone.is_empty() {
            bail!("cases.yaml names methods that are not there: {gone:?}");
        }
        Ok(self.lists.keys().cloned().collect())
    }

    /// The calls of one method.
    pub(super) fn of(&self, method: &str, told: &Value, known: &Value) -> Result<Vec<Case>> {
        let list = self.lists.get(method).with_context(|| format!("{method} has no cases"))?;
        let schema = &told["schema"];
        let always = Value::Object(list.always.clone());
        let with = |more: &[(&str, Value)]| {
            let mut kwarg = always.clone();
            for (name, value) in more {
                kwarg[*name] = value.clone();
            }
            kwarg
        };
        let mut calls = vec![(with(&[]), false)];
        if schema["properties"]["page"].is_object() {
            calls.push((with(&[]), true));
        }
        for (name, value) in self.filters(method, list, schema)? {
            calls.push((with(&[(&name, value)]), false));
        }
        for (by, order) in orders(list, schema) {
            calls.push((with(&[(by, order.clone())]), false));
            if schema["properties"]["reverse"].is_object() {
                calls.push((with(&[(by, order), ("reverse", Value::Bool(true))]), false));
            }
        }
        for more in &list.also {
            let more: Vec<(&str, Value)> =
                more.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            calls.push((with(&more), false));
        }
        let case = |(kwarg, last_page)| {
            Ok(Case { method: method.to_owned(), kwarg: resolved(kwarg, known)?, last_page })
        };
        calls.into_iter().map(case).collect()
    }

    /// Each filter with each of its values.
    fn filters(&self, method: &str, list: &List, schema: &Value) -> Result<Vec<(String, Value)>> {
        let mut filters = Vec::new();
        for name in schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
            let is_none = OF_PAGES.contains(&name.as_str()) || list.without.contains(name);
            if is_none || list.always.contains_key(name) {
                continue;
            }
            let values = list.with.get(name).or_else(|| self.values.get(name));
            match values.with_context(|| format!("cases.yaml has no value for {method} {name}"))? {
                Value::Array(several) => {
                    filters.extend(several.iter().map(|one| (name.clone(), one.clone())));
                }
                one => filters.push((name.clone(), one.clone())),
            }
        }
        Ok(filters)
    }
}

fn is_like_a_list(name: &str, told: &Value) -> bool {
    let method = name.split_once('.').map_or("", |(_, method)| method);
    let parameters = &told["schema"]["properties"];
    ["get", "list", "search"].iter().any(|verb| method.starts_with(verb))
        || parameters["limit"].is_object()
        || parameters["page"].is_object()
}

/// `sort_by` or `sort_order`, with each word that it may have.
fn orders<'a>(list: &List, schema: &Value) -> Vec<(&'a str, Value)> {
    let mut found = Vec::new();
    for by in ["sort_by", "sort_order"] {
        let property = &schema["properties"][by];
        if property.is_object() {
            let words = words_of(property, schema);
            let words = if words.is_empty() { list.sorts.clone() } else { words };
            found.extend(words.into_iter().map(|word| (by, word)));
        }
    }
    found
}

fn words_of(property: &Value, schema: &Value) -> Vec<Value> {
    let mut words = Vec::new();
    if let Some(name) = property["$ref"].as_str() {
        let path = name.trim_start_matches('#');
        words.extend(schema.pointer(path).map(|of| words_of(of, schema)).unwrap_or_default());
    }
    for any in ["anyOf", "oneOf"] {
        words.extend(property[any].as_array().into_iter().flatten().flat_map(|one| words_of(one, schema)));
    }
    words.extend(property["const"].is_string().then(|| property["const"].clone()));
    words.extend(property["enum"].as_array().into_iter().flatten().filter(|word| word.is_string()).cloned());
    words
}

/// `$name` becomes what is known under this name.
fn resolved(value: Value, known: &Value) -> Result<Value> {
    Ok(match value {
        Value::String(text) => match text.strip_prefix('$') {
            Some(name) => known.get(name).cloned().with_context(|| format!("known.sql has no {name}"))?,
            None => Value::String(text),
        },
        Value::Array(all) => all.into_iter().map(|one| resolved(one, known)).collect::<Result<_>>()?,
        Value::Object(map) => {
            map.into_iter().map(|(name, one)| Ok((name, resolved(one, known)?))).collect::<Result<_>>()?
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told() -> Value {
        json!({"schema": {"properties": {
            "jid": {"type": "string"},
            "sort_by": {"anyOf": [{"$ref": "#/$defs/Sort"}, {"type": "null"}]},
            "reverse": {"type": "boolean"}, "page": {"type": "integer"}, "limit": {"type": "integer"},
        }, "$defs": {"Sort": {"oneOf": [{"const": "a"}, {"enum": ["b", "c"]}]}}}})
    }

    fn cases(lists: &str) -> Cases {
        serde_yaml::from_str(&format!("values: {{}}\nlists: {lists}\nno_lists: {{}}\nnot_yet: {{}}")).unwrap()
    }

    #[test]
    fn a_list_is_called_page_by_page_filter_by_filter_and_in_every_order() {
        let made = cases("{x.get_y: {with: {jid: [$big, '1']}}}")
            .of("x.get_y", &told(), &json!({"big": "2"}))
            .unwrap();
        let names: Vec<String> = made.iter().map(Case::name).collect();
        assert_eq!(names.len(), 2 + 2 + 6, "{names:?}");
        assert!(
            names.contains(&"x.get_y jid=2".to_owned()) && names.contains(&"x.get_y last page".to_owned())
        );
        assert!(names.contains(&"x.get_y sort_by=c reverse=true".to_owned()));
    }

    #[test]
    fn what_is_new_is_told() {
        let told = BTreeMap::from([("x.get_y".to_owned(), told()), ("x.futures".to_owned(), told())]);
        let sentence = cases("{x.get_y: {}}").lists(&told).unwrap_err().to_string();
        assert!(sentence.contains("x.futures") && !sentence.contains("x.get_y"), "{sentence}");
        assert!(cases("{x.get_y: {}}").of("x.get_y", &told["x.get_y"], &Value::Null).is_err());
    }

    #[test]
    fn the_file_is_read() {
        assert!(Cases::read().unwrap().lists.len() > 20);
    }
}
