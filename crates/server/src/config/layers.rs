//! Layers of configuration, each over the one before; every problem of all of them is reported at once.

use serde_json::{Map, Value};

use super::{Config, DEFAULT, check, check::Problem};

/// What lies over the defaults.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// Text of the `--config` file, with its name for messages.
    pub file: Option<(String, String)>,
    /// Environment variables `RAAS__SECTION__KEY`, read in main.
    pub environment: Vec<(String, String)>,
    /// Flags, as `("server.listen", value)`.
    pub flags: Vec<(String, Value)>,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<Problem>);

/// The configuration of these layers.
///
/// # Errors
/// With every problem at once.
pub fn load(layers: &Layers) -> Result<Config, ConfigError> {
    let mut problems = Vec::new();
    let mut whole = parse("the compiled-in default", DEFAULT, &mut problems);
    if let Some((name, text)) = &layers.file {
        merge(&mut whole, parse(name, text, &mut problems));
    }
    for (name, text) in &layers.environment {
        if let Some(path) = name.strip_prefix("RAAS__") {
            set(&mut whole, &path.to_lowercase().split("__").collect::<Vec<_>>(), scalar(text));
        }
    }
    for (path, value) in &layers.flags {
        set(&mut whole, &path.split('.').collect::<Vec<_>>(), value.clone());
    }
    check::check(&whole, &mut problems);
    match serde_path_to_error::deserialize::<_, Config>(&whole) {
        Ok(config) if problems.is_empty() => {
            check::meaning(&config, &mut problems);
            if problems.is_empty() { Ok(config) } else { Err(ConfigError(problems)) }
        }
        Ok(_) => Err(ConfigError(problems)),
        Err(error) => {
            let path = error.path().to_string();
            if !problems.iter().any(|problem| path.starts_with(&problem.key)) {
                problems.push(Problem { key: path, message: error.inner().to_string() });
            }
            Err(ConfigError(problems))
        }
    }
}

fn parse(name: &str, text: &str, problems: &mut Vec<Problem>) -> Value {
    match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Null) => Value::Object(Map::new()),
        Ok(value @ Value::Object(_)) => value,
        Ok(_) => {
            problems
                .push(Problem { key: name.to_owned(), message: "expected sections with keys".to_owned() });
            Value::Object(Map::new())
        }
        Err(error) => {
            problems.push(Problem { key: name.to_owned(), message: format!("not YAML: {error}") });
            Value::Object(Map::new())
        }
    }
}

fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                merge(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

fn set(whole: &mut Value, path: &[&str], value: Value) {
    let nested = path
        .iter()
        .rev()
        .fold(value, |inner, key| Value::Object(std::iter::once(((*key).to_owned(), inner)).collect()));
    merge(whole, nested);
}

/// A value from the environment: a number, a truth value, nothing, or text.
fn scalar(text: &str) -> Value {
    match serde_yaml::from_str::<Value>(text) {
        Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => value,
        _ => Value::String(text.to_owned()),
    }
}
