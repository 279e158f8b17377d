//! A wheel `key.accept`, `key.reject` or `key.delete` (and their `_dict`), as people call it: what it means. Pure.

use std::collections::{BTreeMap, BTreeSet};

use raas_api::{MinionKeyState, cmd::RouteCmdArg, minions::MinionKeyAction};
use raas_cluster::keys::Include;
use raas_target::{Match, Minion, Target, TargetInput};
use serde_json::Value;

use crate::RpcError;

/// What a wheel asks for.
#[derive(Clone, Debug)]
pub(super) struct KeyWheel {
    pub(super) action: MinionKeyAction,
    pub(super) include: Include,
    whom: Whom,
}

#[derive(Clone, Debug)]
enum Whom {
    /// Ids that one of these matches.
    Globs(Vec<Target>),
    /// Ids by the list they are in.
    Lists(BTreeMap<MinionKeyState, BTreeSet<String>>),
}

impl KeyWheel {
    /// Reads a wheel; none: it changes no keys.
    ///
    /// # Errors
    /// It changes keys, but in a way that cannot be done for a cluster: the message says what to use.
    pub(super) fn read(fun: &str, arg: &RouteCmdArg) -> Result<Option<Self>, RpcError> {
        let Some(name) = fun.strip_prefix("key.") else { return Ok(None) };
        let (action, dict) = match name {
            "accept" => (MinionKeyAction::Accept, false),
            "accept_dict" => (MinionKeyAction::Accept, true),
            "reject" => (MinionKeyAction::Reject, false),
            "reject_dict" => (MinionKeyAction::Reject, true),
            "delete" => (MinionKeyAction::Delete, false),
            "delete_dict" => (MinionKeyAction::Delete, true),
            _ => return Ok(None),
        };
        let names: &[&str] = match action {
            MinionKeyAction::Accept => &["match", "include_rejected", "include_denied"],
            MinionKeyAction::Reject => &["match", "include_accepted", "include_denied"],
            MinionKeyAction::Delete => &["match"],
        };
        let given = given(fun, arg, names)?;
        let flag = |name: &str| given.get(name).is_some_and(|value| truth(value));
        let whom = given.get("match").ok_or_else(|| unusable(fun, "it names no minion"))?;
        let whom = if dict { lists(fun, whom)? } else { globs(fun, whom)? };
        let include = Include {
            accepted: flag("include_accepted"),
            rejected: flag("include_rejected"),
            denied: flag("include_denied"),
        };
        Ok(Some(Self { action, include, whom }))
    }

    /// Whether a key in this state is meant.
    pub(super) fn means(&self, minion_id: &str, state: MinionKeyState) -> bool {
        let named = match &self.whom {
            Whom::Globs(globs) => {
                globs.iter().any(|glob| glob.matches(&Minion::new(minion_id)) == Match::Yes)
            }
            Whom::Lists(lists) => lists.get(&state).is_some_and(|ids| ids.contains(minion_id)),
        };
        named && self.acts_on(state)
    }

    fn acts_on(&self, state: MinionKeyState) -> bool {
        match (self.action, state) {
            (MinionKeyAction::Delete, _) | (_, MinionKeyState::Pending) => true,
            (MinionKeyAction::Accept, MinionKeyState::Rejected) => self.include.rejected,
            (MinionKeyAction::Reject, MinionKeyState::Accepted) => self.include.accepted,
            (_, MinionKeyState::Denied) => self.include.denied,
            _ => false,
        }
    }
}

/// Arguments by name: positional ones in the order of Salt's signature.
fn given<'a>(
    fun: &str,
    arg: &'a RouteCmdArg,
    names: &[&'static str],
) -> Result<BTreeMap<&'a str, &'a Value>, RpcError> {
    let positional = arg.arg.as_deref().unwrap_or_default();
    if positional.len() > names.len() {
        return Err(unusable(fun, &format!("it takes at most {} arguments", names.len())));
    }
    let mut given: BTreeMap<&str, &Value> = names.iter().copied().zip(positional).collect();
    for (name, value) in arg.kwarg.iter().flatten() {
        if !names.contains(&name.as_str()) {
            return Err(unusable(fun, &format!("it takes no argument {name:?}")));
        }
        given.insert(name, value);
    }
    Ok(given)
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A glob, several with commas, or a list of them.
fn globs(fun: &str, whom: &Value) -> Result<Whom, RpcError> {
    let wrong = || unusable(fun, "its match is neither a glob nor a list of globs");
    let texts: Vec<&str> = match whom {
        Value::String(text) => text.split(',').map(str::trim).collect(),
        Value::Array(items) => {
            items.iter().map(|item| item.as_str().ok_or_else(wrong)).collect::<Result<_, _>>()?
        }
        _ => return Err(wrong()),
    };
    let glob = |text: &&str| Target::parse(TargetInput::Text(text), "glob").map_err(|_| wrong());
    let globs = texts.iter().filter(|text| !text.is_empty()).map(glob).collect::<Result<Vec<_>, _>>()?;
    if globs.is_empty() { Err(unusable(fun, "it names no minion")) } else { Ok(Whom::Globs(globs)) }
}

/// `{"minions_pre": ["web1"]}`
fn lists(fun: &str, whom: &Value) -> Result<Whom, RpcError> {
    let wrong = || unusable(fun, "its match is no map as {\"minions_pre\": [\"web1\"]}");
    let mut lists = BTreeMap::new();
    for (list, ids) in whom.as_object().ok_or_else(wrong)? {
        let state = match list.as_str() {
            "minions" => MinionKeyState::Accepted,
            "minions_pre" => MinionKeyState::Pending,
            "minions_rejected" => MinionKeyState::Rejected,
            "minions_denied" => MinionKeyState::Denied,
            _ => return Err(unusable(fun, &format!("{list:?} is no list of keys"))),
        };
        let ids = ids.as_array().ok_or_else(wrong)?;
        let ids = ids
            .iter()
            .map(|id| id.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect::<Result<_, _>>()?;
        lists.insert(state, ids);
    }
    Ok(Whom::Lists(lists))
}

fn unusable(fun: &str, why: &str) -> RpcError {
    RpcError::Unusable(format!(
        "{fun:?} cannot be done for a cluster: {why}; use it as {fun:?} with a glob, or minions.set_minion_key_state (raas keys)"
    ))
}

#[cfg(test)]
mod tests {
    use super::KeyWheel;
    use raas_api::MinionKeyState::{Accepted, Denied, Pending, Rejected};
    use serde_json::{Value, json};

    fn wheel(fun: &str, arg: Value) -> Result<Option<KeyWheel>, String> {
        KeyWheel::read(fun, &serde_json::from_value(arg).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_glob_means_what_salt_would_take_it_to_mean() {
        let accept = wheel("key.accept", json!({"arg": ["web*, db1"]})).unwrap().unwrap();
        assert!(accept.means("web7", Pending) && accept.means("db1", Pending));
        assert!(
            !accept.means("db2", Pending) && !accept.means("web7", Rejected) && !accept.means("web7", Denied)
        );
        let kwarg = json!({"kwarg": {"match": ["web*"], "include_rejected": true}});
        assert!(wheel("key.accept", kwarg).unwrap().unwrap().means("web7", Rejected));
        let reject = wheel("key.reject", json!({"arg": ["*", true]})).unwrap().unwrap();
        assert!(reject.means("web7", Accepted) && !reject.means("web7", Rejected));
        assert!(wheel("key.delete", json!({"arg": ["web7"]})).unwrap().unwrap().means("web7", Denied));
    }

    #[test]
    fn lists_mean_exactly_what_they_name() {
        let accept = wheel("key.accept_dict", json!({"arg": [{"minions_pre": ["web1"]}]})).unwrap().unwrap();
        assert!(accept.means("web1", Pending) && !accept.means("web2", Pending));
        let delete = wheel("key.delete_dict", json!({"arg": [{"minions": ["web1"]}]})).unwrap().unwrap();
        assert!(delete.means("web1", Accepted) && !delete.means("web1", Pending));
    }

    #[test]
    fn what_changes_no_keys_is_left_alone_and_what_cannot_be_done_says_what_to_use() {
        for fun in ["key.list_all", "key.finger", "key.gen_accept", "config.values"] {
            assert!(wheel(fun, json!({})).unwrap().is_none(), "{fun}");
        }
        for (fun, arg, why) in [
            ("key.accept", json!({}), "names no minion"),
            ("key.accept", json!({"arg": [{"minions_pre": ["a"]}]}), "neither a glob"),
            ("key.accept", json!({"arg": ["a"], "kwarg": {"force": true}}), "no argument \"force\""),
            ("key.accept_dict", json!({"arg": ["a"]}), "minions_pre"),
            ("key.delete", json!({"arg": ["a", true]}), "at most 1"),
        ] {
            let said = wheel(fun, arg.clone()).unwrap_err();
            assert!(said.contains(why) && said.contains("raas keys"), "{fun} {arg}: {said}");
        }
    }
}
