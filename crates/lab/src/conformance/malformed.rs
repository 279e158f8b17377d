//! Calls that are broken in every way that chance finds: none may be a fault of the server's.

use std::time::Duration;

use anyhow::{Context, Result};
use raas_lab::sim::Dice;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Map, Value, json};

use super::values::{Known, Values};

/// For one request.
const LIMIT: Duration = Duration::from_secs(120);
/// Calls in one request.
const TOGETHER: usize = 50;
/// Deepest nesting that is sent.
const DEEP: usize = 200;

/// Sends `count` broken calls. What is wrong with the answers, first ones first.
pub(super) async fn send(
    (url, token): (&str, &str),
    methods: &[(String, Value)],
    known: &Known,
    count: usize,
    dice: &mut Dice,
) -> Result<Vec<String>> {
    let client = reqwest::Client::builder().timeout(LIMIT).build().context("no HTTP client")?;
    let (mut wrong, mut sent) = (Vec::new(), 0);
    while sent < count && wrong.len() < 20 {
        let calls: Vec<Value> = (0..TOGETHER).map(|_| broken(methods, known, dice)).collect();
        let alone = dice.percent(20);
        let body = if alone { torn(&calls, dice) } else { serde_json::to_vec(&calls).unwrap_or_default() };
        sent += if alone { 1 } else { TOGETHER };
        let request = client.post(format!("{url}/rpc")).header(CONTENT_TYPE, "application/json");
        let request = request.header(AUTHORIZATION, format!("JWT {token}")).body(body.clone());
        let answer = request.send().await.context("the server does not answer any more")?;
        let status = answer.status().as_u16();
        let said: Value = answer.json().await.unwrap_or_default();
        let shown = || String::from_utf8_lossy(&body).chars().take(300).collect::<String>();
        if status >= 500 || said.is_null() {
            wrong.push(format!("HTTP {status} to {}: {said}", shown()));
        }
        for (reply, call) in said.as_array().into_iter().flatten().zip(&calls) {
            if reply["error"]["code"].as_u64().is_some_and(|code| code >= 500) {
                wrong.push(format!("{} to {call}", reply["error"]));
            }
        }
    }
    Ok(wrong)
}

/// A call of a method with allowed values, of which something is put out of joint.
fn broken(methods: &[(String, Value)], known: &Known, dice: &mut Dice) -> Value {
    let Some((name, schema)) = dice.pick(methods).cloned() else { return Value::Null };
    let (resource, method) = name.split_once('.').unwrap_or((&name, ""));
    let names: Vec<String> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let mut kwarg = Map::new();
    for name in names {
        if dice.percent(40) {
            kwarg.insert(name.clone(), Values::new(&name, &schema, known, dice).allowed(&name));
        }
    }
    let mut call = json!({"resource": resource, "method": method, "kwarg": kwarg});
    for _ in 0..=dice.below(2) {
        let at = dice.below(count(&call));
        let junk = junk(dice);
        replace(&mut call, at, &junk);
    }
    call
}

fn junk(dice: &mut Dice) -> Value {
    let deep = (0..dice.below(DEEP)).fold(json!(1), |inner, _| json!([inner]));
    let all = [
        Value::Null,
        json!(true),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("\u{0}"),
        json!("9".repeat(400)),
        json!("9999-12-31T23:59:59.999999999Z"),
        json!("-262143-01-01T00:00:00Z"),
        json!("((((((("),
        json!("*"),
        json!("a".repeat(5000)),
        json!([]),
        json!({}),
        json!({"": {"": {"": null}}}),
        json!([null, null]),
        deep,
    ];
    dice.pick(&all).cloned().unwrap_or_default()
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(all) => all.iter().map(count).sum::<usize>(),
        Value::Object(all) => all.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts `junk` in the place of one part, counted from the outside in.
fn replace(value: &mut Value, mut at: usize, junk: &Value) {
    if at == 0 {
        *value = junk.clone();
        return;
    }
    at -= 1;
    let parts: Vec<&mut Value> = match value {
        Value::Array(all) => all.iter_mut().collect(),
        Value::Object(all) => all.values_mut().collect(),
        _ => return,
    };
    for part in parts {
        let inside = count(part);
        if at < inside {
            return replace(part, at, junk);
        }
        at -= inside;
    }
}

/// A body that is cut off, or has a byte changed.
fn torn(calls: &[Value], dice: &mut Dice) -> Vec<u8> {
    let mut body = serde_json::to_vec(&calls[..1.min(calls.len())]).unwrap_or_default();
    let at = dice.below(body.len());
    if dice.percent(50) {
        body.truncate(at);
    } else if let Some(byte) = body.get_mut(at) {
        *byte = u8::try_from(dice.below(256)).unwrap_or(0);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_call_can_be_replaced() {
        let call = json!({"resource": "cmd", "kwarg": {"jids": ["a", "b"]}});
        let all: std::collections::BTreeSet<String> = (0..count(&call))
            .map(|at| {
                let mut one = call.clone();
                replace(&mut one, at, &json!("JUNK"));
                assert!(one.to_string().contains("JUNK"), "{at}: {one}");
                one.to_string()
            })
            .collect();
        assert_eq!(all.len(), 6);
    }
}
