//! `docs/api.md` is written from the document that the server serves, and is up to date.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// Words of an enumeration that are named one by one.
const WORDS: usize = 12;

#[test]
fn the_reference_in_docs_is_the_one_of_this_code() {
    let fresh = reference(&raas_server::openapi());
    let kept = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md"));
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("api.md");
    let same = kept.is_ok_and(|kept| kept == fresh);
    if !same {
        std::fs::write(&copy, &fresh).unwrap();
    }
    assert!(same, "docs/api.md is stale: refresh it with\n  cp {} docs/api.md", copy.display());
}

fn reference(document: &Value) -> String {
    let schemas = &document["components"]["schemas"];
    let mut resources: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (name, schema) in schemas.as_object().unwrap() {
        let part = |key: &str| schema["properties"][key]["const"].as_str();
        if let (Some(resource), Some(method)) = (part("resource"), part("method")) {
            resources.entry(resource).or_default().push((method, name));
        }
    }
    let mut text = String::from(
        "# The methods of the API\n\nWritten from the code by a test; `/openapi.json` says the same to programs. Every call is \
         `POST /rpc` with\n`{resource, method, kwarg}` (or `arg`, by position) and is answered by `{riq, ret, error, warnings}`. \
         Parameters in bold are required.\n",
    );
    for (resource, methods) in resources {
        write!(text, "\n## {resource}\n").unwrap();
        for (method, name) in methods {
            method_text(&mut text, schemas, &format!("{resource}.{method}"), &schemas[name]);
        }
    }
    text
}

fn method_text(text: &mut String, schemas: &Value, name: &str, schema: &Value) {
    write!(text, "\n### {name}\n\n{}\n", one_line(&schema["description"])).unwrap();
    let params = resolve(schemas, &schema["properties"]["kwarg"]);
    let order: Vec<&str> = schema["properties"]["arg"]["description"]
        .as_str()
        .and_then(|words| words.strip_prefix("by position: "))
        .map(|words| words.split(", ").collect())
        .unwrap_or_default();
    let order: Vec<&str> = order.into_iter().filter(|one| !params["properties"][*one].is_null()).collect();
    if !order.is_empty() {
        text.push_str("\n| Parameter | Type | Default | |\n|---|---|---|---|\n");
    }
    let required = |one: &str| params["required"].as_array().is_some_and(|all| all.iter().any(|r| r == one));
    for one in order {
        let part = &params["properties"][one];
        let shown = if required(one) { format!("**{one}**") } else { one.to_owned() };
        let default = part.get("default").filter(|value| !value.is_null());
        let default = default.map(|value| format!("`{value}`")).unwrap_or_default();
        let (kind, what) = (kind(schemas, part, 3), one_line(&part["description"]));
        writeln!(text, "| {shown} | {kind} | {default} | {} |", what.replace('|', "\\|")).unwrap();
    }
    let ret = resolve(schemas, &schema["x-ret"]);
    let fields: Vec<&str> =
        ret["properties"].as_object().into_iter().flatten().map(|(f, _)| f.as_str()).collect();
    let returns =
        if fields.is_empty() { kind(schemas, ret, 3) } else { format!("`{{{}}}`", fields.join(", ")) };
    write!(text, "\nReturns {returns}.").unwrap();
    if let Some(each) = ret["properties"]["results"].get("items").map(|items| resolve(schemas, items)) {
        let fields: Vec<&str> =
            each["properties"].as_object().into_iter().flatten().map(|(f, _)| f.as_str()).collect();
        if !fields.is_empty() {
            write!(text, " Each of `results`: `{{{}}}`.", fields.join(", ")).unwrap();
        }
    }
    text.push('\n');
}

fn resolve<'a>(schemas: &'a Value, part: &'a Value) -> &'a Value {
    let name = part["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/"));
    name.map_or(part, |name| &schemas[name])
}

/// The type in words.
fn kind(schemas: &Value, part: &Value, depth: u8) -> String {
    let part = resolve(schemas, part);
    if depth == 0 {
        return "…".to_owned();
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(all) = part[choice].as_array() {
            let words: Vec<String> = all
                .iter()
                .filter(|one| one["type"] != "null")
                .map(|one| kind(schemas, one, depth - 1))
                .collect();
            return words.join(" or ");
        }
    }
    if let Some(all) = part["enum"].as_array() {
        let words: Vec<String> =
            all.iter().take(WORDS).filter_map(Value::as_str).map(|w| format!("`{w}`")).collect();
        let more = if all.len() > WORDS { ", …" } else { "" };
        return words.join(", ") + more;
    }
    if let Some(one) = part.get("const") {
        return format!("`{one}`");
    }
    let types: Vec<&str> = match &part["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect(),
        one => one.as_str().into_iter().collect(),
    };
    let words: Vec<String> = types.into_iter().map(|one| word(schemas, part, one, depth)).collect();
    if words.is_empty() { "anything".to_owned() } else { words.join(" or ") }
}

fn word(schemas: &Value, part: &Value, kind_of: &str, depth: u8) -> String {
    match kind_of {
        "string" => part["format"].as_str().unwrap_or("text").to_owned(),
        "integer" => match part["minimum"].as_i64() {
            Some(least) => format!("whole number from {least}"),
            None => "whole number".to_owned(),
        },
        "boolean" => "true or false".to_owned(),
        "array" => format!("list of {}", kind(schemas, &part["items"], depth - 1)),
        "object" => "map".to_owned(),
        other => other.to_owned(),
    }
}

fn one_line(text: &Value) -> String {
    text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
