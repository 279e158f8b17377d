//! `api.discover`: the catalogue, from the table itself.

use std::collections::BTreeMap;

use raas_api::{
    CommandKind, CommandState, Disposition, MinionKeyState, OutcomeState, Permission, Presence,
    discover::{Discover, DiscoverParams, Include, Part},
    stats::Metric,
};
use serde_json::{Map, Value, json};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, Row, handle::parameters, table},
};

impl Handle for Discover {
    async fn handle(_: &Ctx, params: DiscoverParams) -> Result<BTreeMap<String, Value>, RpcError> {
        let mut all = catalogue();
        match params.include {
            None => Ok(all),
            Some(Include::Sections(names)) => names.into_iter().map(|name| take(&mut all, name)).collect(),
            Some(Include::Parts(parts)) => {
                parts.into_iter().map(|(name, part)| narrow(take(&mut all, name)?, &part)).collect()
            }
        }
    }
}

fn take(all: &mut BTreeMap<String, Value>, name: String) -> Result<(String, Value), RpcError> {
    let known = all.keys().cloned().collect::<Vec<_>>().join(", ");
    match all.remove(&name) {
        Some(section) => Ok((name, section)),
        None => Err(RpcError::invalid("include", format!("{name:?}"), format!("one of {known}"))),
    }
}

fn narrow((name, section): (String, Value), part: &Part) -> Result<(String, Value), RpcError> {
    let keys = match part {
        Part::One(key) => std::slice::from_ref(key),
        Part::Some(keys) => keys.as_slice(),
    };
    let pick = |key: &String| {
        let value = section.get(key).cloned();
        value.map(|value| (key.clone(), value)).ok_or_else(|| {
            RpcError::invalid("include", format!("{name}.{key}"), format!("a key of section {name:?}"))
        })
    };
    let picked = keys.iter().map(pick).collect::<Result<Map<_, _>, _>>()?;
    Ok((name, Value::Object(picked)))
}

fn catalogue() -> BTreeMap<String, Value> {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for ((resource, method), row) in table() {
        let section = all
            .entry((*resource).to_owned())
            .or_insert_with(|| json!({"__doc__": format!("The {resource} methods.")}));
        section[*method] = describe(row);
    }
    all.insert("constants".to_owned(), constants());
    all.insert("metrics".to_owned(), Metric::ALL.iter().map(|metric| Value::from(metric.as_str())).collect());
    all
}

fn describe(row: &Row) -> Value {
    let schema = (row.entry.params)().to_value();
    json!({
        "signature": format!("({})", parameters(&schema).join(", ")),
        "doc": row.entry.doc,
        "returns": (row.entry.reply)().to_value(),
        "parameters": row.parameters,
        "permissions": row.entry.needs.permissions(),
        "schema": schema,
    })
}

fn constants() -> Value {
    fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Value {
        all.iter().map(|one| Value::from(word(*one))).collect()
    }
    json!({
        "command-states": words(CommandState::ALL, CommandState::as_str),
        "command-kinds": words(CommandKind::ALL, CommandKind::as_str),
        "outcome-states": words(OutcomeState::ALL, OutcomeState::as_str),
        "dispositions": words(Disposition::ALL, Disposition::as_str),
        "presence": words(Presence::ALL, Presence::as_str),
        "minion-key-states": words(MinionKeyState::ALL, MinionKeyState::as_str),
        "permissions": words(Permission::ALL, Permission::as_str),
    })
}
