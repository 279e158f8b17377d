//! One method: what it promises beside the public catalogue, and what it answers to what is and is not allowed.

use std::collections::BTreeSet;

use raas_client::{Answer, ClientError};
use raas_lab::Api;
use raas_lab::sim::Dice;
use serde_json::{Map, Value, json};

use super::catalogue::Named;
use super::scene;
use super::values::{Known, Values};

/// Calls with several parameters.
const DRAWN: usize = 6;
/// Calls until one with a parameter is answered.
const TRIES: usize = 16;
/// Longest value that is shown.
const SHOWN: usize = 160;

/// A method and what is known of it.
pub(super) struct Subject<'a> {
    pub(super) api: &'a Api,
    /// `resource.method`
    pub(super) name: &'a str,
    /// As `api.discover` tells it.
    pub(super) told: &'a Value,
    /// Of the public catalogue; empty for a method of our own.
    pub(super) named: Vec<Named>,
    pub(super) known: &'a Known,
    /// Parameters that are still to come.
    pub(super) not_yet: BTreeSet<String>,
    /// It always says no.
    pub(super) refuses: bool,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) calls: usize,
    pub(super) answered: usize,
    /// The last refusal of a call that its schema allows.
    refusal: Option<String>,
    pub(super) differences: BTreeSet<String>,
}

impl Subject<'_> {
    /// All of it.
    pub(super) async fn examine(&self, dice: &mut Dice) -> Found {
        let mut found = Found::default();
        self.beside_the_catalogue(&mut found);
        self.allowed(dice, &mut found).await;
        self.refused(dice, &mut found).await;
        if found.answered == 0 && !self.refuses {
            let last = found.refusal.clone().unwrap_or_default();
            found.differences.insert(format!("no call was answered: {last}"));
        }
        found
    }

    fn schema(&self) -> &Value {
        &self.told["schema"]
    }

    fn parameters(&self) -> Vec<&str> {
        self.told["parameters"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn required(&self) -> Vec<&str> {
        self.schema()["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn beside_the_catalogue(&self, found: &mut Found) {
        let (ours, required) = (self.parameters(), self.required());
        for one in &self.named {
            if !ours.contains(&one.name.as_str()) {
                found.differences.insert(format!("has no parameter {}", one.name));
            }
            if required.contains(&one.name.as_str()) && !one.required {
                found.differences.insert(format!("{} is required, and is not in the catalogue", one.name));
            }
        }
        let theirs: Vec<&str> = self.named.iter().map(|one| one.name.as_str()).collect();
        let order: Vec<&str> = ours.into_iter().filter(|name| theirs.contains(name)).collect();
        if !theirs.starts_with(&order) && order.len() == theirs.len() {
            found.differences.insert(format!("parameters stand in another order: {}", order.join(", ")));
        }
    }

    /// None, each parameter until a call with it is answered, and several together.
    async fn allowed(&self, dice: &mut Dice, found: &mut Found) {
        let names: Vec<String> = self.parameters().into_iter().map(str::to_owned).collect();
        self.expect_an_answer(&[], dice, found).await;
        for name in &names {
            if self.not_yet.contains(name) {
                continue;
            }
            let mut said = None;
            for _ in 0..TRIES {
                said = self.expect_an_answer(&[name], dice, found).await;
                if said.is_none() {
                    break;
                }
            }
            if let Some(said) = said.filter(|_| !self.refuses && !scene::takes_away(self.name)) {
                found.differences.insert(format!("no call with {name} was answered: {said}"));
            }
        }
        for _ in 0..DRAWN {
            let some: Vec<&str> = names.iter().map(String::as_str).filter(|_| dice.percent(30)).collect();
            self.expect_an_answer(&some, dice, found).await;
        }
    }

    /// The refusal, where it is one: what a schema allows may still mean nothing here.
    async fn expect_an_answer(&self, names: &[&str], dice: &mut Dice, found: &mut Found) -> Option<String> {
        let mut chosen: BTreeSet<&str> = names.iter().copied().collect();
        chosen.extend(self.required());
        chosen.extend(dice.pick(scene::subjects(self.name)).copied().unwrap_or_default());
        let mut values = Values::new(self.name, self.schema(), self.known, dice);
        let mut kwarg: Map<String, Value> =
            chosen.iter().map(|name| ((*name).to_owned(), values.allowed(name))).collect();
        if scene::wants_a_running_job(self.name)
            && let Ok(jid) = scene::running(self.api, self.known, !kwarg.contains_key("jid")).await
        {
            kwarg.entry("jid").and_modify(|value| *value = jid);
        }
        let said = shown(&kwarg);
        let difference = match self.call(kwarg, found).await {
            Ok(answer) => {
                found.answered += 1;
                let problem = self.reply_differs(&answer.ret);
                found.differences.extend(
                    problem.map(|problem| format!("{said}: its reply is not what it declares: {problem}")),
                );
                return None;
            }
            Err(ClientError::Method { error, .. }) if error.code < 500 => {
                let refusal = format!("{said}: {}", error.message);
                found.refusal = Some(refusal.clone());
                return Some(refusal);
            }
            Err(ClientError::Method { error, .. }) => format!("{said}: {} {}", error.code, error.message),
            Err(other) => format!("{said}: {other}"),
        };
        found.differences.insert(difference.clone());
        Some(difference)
    }

    /// A parameter that does not exist, each one with a value of another kind, each required one left out.
    async fn refused(&self, dice: &mut Dice, found: &mut Found) {
        let names: Vec<String> = self.parameters().into_iter().map(str::to_owned).collect();
        let required: Vec<String> = self.required().into_iter().map(str::to_owned).collect();
        let mut values = Values::new(self.name, self.schema(), self.known, dice);
        let mut whole: Map<String, Value> =
            required.iter().map(|name| (name.clone(), values.allowed(name))).collect();
        for name in scene::subjects(self.name).first().copied().unwrap_or_default() {
            whole.insert((*name).to_owned(), values.allowed(name));
        }
        let mut wrong = vec![("no_such_parameter".to_owned(), with(&whole, "no_such_parameter", json!(1)))];
        for name in &names {
            if let Some(value) = values.refused(name) {
                wrong.push((name.clone(), with(&whole, name, value)));
            }
        }
        for name in &required {
            let mut less = whole.clone();
            less.remove(name);
            wrong.push((name.clone(), less));
        }
        for (name, kwarg) in wrong {
            self.expect_a_refusal(&name, kwarg, found).await;
        }
    }

    async fn expect_a_refusal(&self, parameter: &str, kwarg: Map<String, Value>, found: &mut Found) {
        let said = shown(&kwarg);
        let difference = match self.call(kwarg, found).await {
            Ok(_) => format!("{said}: taken, though its schema does not allow {parameter}"),
            Err(ClientError::Method { error, .. }) if error.code >= 500 => {
                format!("{said}: {} {}", error.code, error.message)
            }
            Err(ClientError::Method { error, .. }) if !error.message.contains(parameter) => {
                format!("{said}: refused without naming {parameter}: {}", error.message)
            }
            Err(ClientError::Method { .. }) => return,
            Err(other) => format!("{said}: {other}"),
        };
        found.differences.insert(difference);
    }

    async fn call(&self, kwarg: Map<String, Value>, found: &mut Found) -> Result<Answer<Value>, ClientError> {
        found.calls += 1;
        let (resource, method) = self.name.split_once('.').unwrap_or((self.name, ""));
        self.api.raw(resource, method, Value::Object(kwarg)).await
    }

    fn reply_differs(&self, ret: &Value) -> Option<String> {
        let declared = &self.told["returns"];
        let validator = match jsonschema::validator_for(declared) {
            Ok(validator) => validator,
            Err(error) => return Some(format!("that is no JSON schema: {error}")),
        };
        let error = validator.iter_errors(ret).next()?;
        Some(format!("{error} at {}", error.instance_path()).chars().take(300).collect())
    }
}

fn with(whole: &Map<String, Value>, name: &str, value: Value) -> Map<String, Value> {
    let mut more = whole.clone();
    more.insert(name.to_owned(), value);
    more
}

fn shown(kwarg: &Map<String, Value>) -> String {
    Value::Object(kwarg.clone()).to_string().chars().take(SHOWN).collect()
}
