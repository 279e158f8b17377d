//! Values for a JSON schema: some that it allows, and some that it does not. What they are sent to is not known here.

use std::collections::BTreeMap;

use raas_lab::sim::Dice;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// No schema of a parameter goes deeper.
const DEPTH: u8 = 8;
/// What a schema may refuse.
const ODD: &[&str] = &["\u{0}", "", "Ünï\u{202e}cödé", "' OR 1=1 --", "../../etc/passwd", "%", "\\", "*"];

/// Values that mean something on the scene, by the name of their parameter, or by `resource.method parameter`.
pub(super) type Known = BTreeMap<String, Vec<Value>>;

/// Draws values.
#[derive(Debug)]
pub(super) struct Values<'a> {
    method: &'a str,
    schema: &'a Value,
    known: &'a Known,
    dice: &'a mut Dice,
}

impl<'a> Values<'a> {
    /// Of a method's schema, in which its parts refer to each other.
    pub(super) fn new(method: &'a str, schema: &'a Value, known: &'a Known, dice: &'a mut Dice) -> Self {
        Self { method, schema, known, dice }
    }

    /// A value that the schema of this parameter allows.
    pub(super) fn allowed(&mut self, name: &str) -> Value {
        let schema = self.schema;
        let part = &schema["properties"][name];
        let of_method = self.known.get(&format!("{} {name}", self.method));
        let always = of_method.is_some();
        let known = of_method.or_else(|| self.known.get(name)).filter(|all| !all.is_empty());
        match known.and_then(|all| self.dice.pick(all)) {
            Some(value) if (always || self.dice.percent(85)) && allows(schema, part, value) => value.clone(),
            _ => self.any(part, DEPTH),
        }
    }

    /// A value that it does not allow; none where it allows everything.
    pub(super) fn refused(&mut self, name: &str) -> Option<Value> {
        let part = &self.schema["properties"][name];
        let mut odd = vec![
            json!({"no": {"such": "thing"}}),
            json!([[["deep"]]]),
            json!(true),
            json!(-7.5e30),
            json!("no such word \u{0}"),
            json!(-9_007_199_254_740_993_i64),
        ];
        if allows(self.schema, part, &json!({})) {
            // Several kinds of maps are taken as lists of their fields too.
            odd.retain(|value| !value.is_array());
        }
        self.dice.shuffle(&mut odd);
        odd.into_iter().find(|value| !allows(self.schema, part, value))
    }

    fn any(&mut self, part: &Value, depth: u8) -> Value {
        let part = resolve(self.schema, part);
        if depth == 0 {
            return Value::Null;
        }
        for choice in ["anyOf", "oneOf", "allOf"] {
            if let Some(choices) = part[choice].as_array() {
                let chosen = self.pick_but_null(choices);
                return self.any(&chosen, depth - 1);
            }
        }
        if let Some(one) = part.get("const") {
            return one.clone();
        }
        if let Some(all) = part["enum"].as_array() {
            return self.dice.pick(all).cloned().unwrap_or_default();
        }
        let kinds: Vec<Value> = match &part["type"] {
            Value::Array(kinds) => kinds.clone(),
            Value::Null => vec![json!("string")],
            one => vec![one.clone()],
        };
        match self.pick_but_null(&kinds).as_str() {
            Some("string") => Value::from(self.text(part)),
            Some("integer") => self.integer(part),
            Some("number") => json!(0.5),
            Some("boolean") => json!(self.dice.percent(50)),
            Some("array") => self.list(part, depth),
            Some("object") => self.map(part, depth),
            _ => Value::Null,
        }
    }

    /// Null is allowed nearly everywhere, and says little.
    fn pick_but_null(&mut self, choices: &[Value]) -> Value {
        let is_null = |one: &&Value| **one != json!("null") && one["type"] != "null";
        let rest: Vec<&Value> = choices.iter().filter(is_null).collect();
        let from: Vec<&Value> =
            if rest.is_empty() || self.dice.percent(10) { choices.iter().collect() } else { rest };
        self.dice.pick(&from).map(|one| (*one).clone()).unwrap_or_default()
    }

    fn text(&mut self, part: &Value) -> String {
        match part["format"].as_str() {
            Some("uuid") => Uuid::from_u128(u128::from(self.dice.throw())).to_string(),
            Some("date-time") => "2026-01-02T03:04:05Z".to_owned(),
            _ if self.dice.percent(20) => self.dice.pick(ODD).copied().unwrap_or_default().replace('\0', ""),
            _ => format!("word{}", self.dice.below(1000)),
        }
    }

    fn integer(&mut self, part: &Value) -> Value {
        let least = part["minimum"].as_i64().unwrap_or(0);
        let most = part["maximum"].as_i64().unwrap_or(least + 20).min(least + 20);
        let span = usize::try_from(most - least + 1).unwrap_or(1);
        json!(least + i64::try_from(self.dice.below(span)).unwrap_or(0))
    }

    fn list(&mut self, part: &Value, depth: u8) -> Value {
        if let Some(items) = part["prefixItems"].as_array() {
            return items.iter().map(|item| self.any(item, depth - 1)).collect();
        }
        let least = usize::try_from(part["minItems"].as_u64().unwrap_or(0)).unwrap_or(0);
        let count = least + self.dice.below(3);
        (0..count).map(|_| self.any(&part["items"], depth - 1)).collect()
    }

    fn map(&mut self, part: &Value, depth: u8) -> Value {
        let mut all = Map::new();
        let required: Vec<&str> =
            part["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, schema) in part["properties"].as_object().into_iter().flatten() {
            if required.contains(&name.as_str()) || self.dice.percent(40) {
                all.insert(name.clone(), self.any(schema, depth - 1));
            }
        }
        if let Some(schema) = part.get("additionalProperties").filter(|schema| schema.is_object()) {
            all.insert(format!("key{}", self.dice.below(5)), self.any(schema, depth - 1));
        }
        Value::Object(all)
    }
}

fn resolve<'a>(root: &'a Value, part: &'a Value) -> &'a Value {
    let Some(path) = part["$ref"].as_str().and_then(|text| text.strip_prefix('#')) else { return part };
    root.pointer(path).unwrap_or(part)
}

/// Whether a part of a schema allows a value.
fn allows(root: &Value, part: &Value, value: &Value) -> bool {
    let mut schema = part.clone();
    if let (Some(map), Some(parts)) = (schema.as_object_mut(), root.get("$defs")) {
        map.insert("$defs".to_owned(), parts.clone());
    }
    jsonschema::validator_for(&schema).is_ok_and(|validator| validator.is_valid(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_allowed_and_what_is_refused_is_not() {
        let schema = json!({
            "$defs": {"Kind": {"type": "string", "enum": ["local", "runner"]}},
            "properties": {
                "jids": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                "cmd": {"anyOf": [{"$ref": "#/$defs/Kind"}, {"type": "null"}]},
                "limit": {"type": "integer", "minimum": -1},
                "any": true,
            },
        });
        let (known, mut dice) = (Known::new(), Dice::new(7));
        for _ in 0..200 {
            for name in ["jids", "cmd", "limit"] {
                let mut values = Values::new("a.method", &schema, &known, &mut dice);
                let part = &schema["properties"][name];
                let good = values.allowed(name);
                assert!(allows(&schema, part, &good), "{name}: {good}");
                let bad = values.refused(name).unwrap();
                assert!(!allows(&schema, part, &bad), "{name}: {bad}");
                assert!(allows(&json!({}), &json!({"type": "string"}), &json!("x")), "parts need no $defs");
            }
        }
        assert_eq!(Values::new("a.method", &schema, &known, &mut dice).refused("any"), None);
    }
}
