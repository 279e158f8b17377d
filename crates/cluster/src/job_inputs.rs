//! Inputs of saved jobs: whether their definitions make sense, and which arguments come of them when a job is run. Pure.

use raas_api::{
    cmd::RouteCmdArg,
    job::{InputType, JobArg, JobInput},
};
use serde_json::{Map, Value};

/// The keyword argument that is sent as it is.
const PILLAR: &str = "pillar";

/// What is wrong with an input, or with what was given for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The parameter, as `arg.kwarg.mods`.
    pub parameter: String,
    /// What was given.
    pub given: String,
    /// What was expected.
    pub expected: String,
}

impl Problem {
    fn new(parameter: impl Into<String>, given: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { parameter: parameter.into(), given: given.into(), expected: expected.into() }
    }
}

/// Checks the arguments of a job that is about to be saved.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(arg: &JobArg) -> Result<(), Problem> {
    for (name, value) in arg.kwarg.iter().flatten() {
        let parameter = format!("arg.kwarg.{name}");
        if name == PILLAR {
            if !value.is_object() {
                return Err(Problem::new(parameter, shown(value), "a map, which is sent as it is"));
            }
            continue;
        }
        // Salt keeps names like __kwarg__ and __pub_user for itself.
        if name.is_empty() || name.starts_with("__") {
            return Err(Problem::new(parameter, "no name of an argument", "a name as \"mods\""));
        }
        definition(&parameter, &input(&parameter, value)?)?;
    }
    Ok(())
}

fn definition(parameter: &str, input: &JobInput) -> Result<(), Problem> {
    let choices = input.select.as_deref().unwrap_or_default();
    if input.input_type == InputType::Select && choices.is_empty() {
        return Err(Problem::new(format!("{parameter}.select"), "missing or empty", "what can be chosen"));
    }
    match default(input) {
        Some(value) => fits(&format!("{parameter}.default"), input, value),
        None if input.hidden && input.required => Err(Problem::new(
            format!("{parameter}.default"),
            "missing",
            "a value: the input is hidden and required, so that nobody could give one",
        )),
        None => Ok(()),
    }
}

/// The arguments of one run: positional ones are those of the job; inputs are what is given, else their defaults.
///
/// # Errors
/// What is given and no input, hidden, or of another type; what is required and missing.
pub fn apply(job: &JobArg, given: &RouteCmdArg) -> Result<RouteCmdArg, Problem> {
    let literal = job.arg.clone().unwrap_or_default();
    let positional = given.arg.as_deref().unwrap_or_default();
    if !positional.is_empty() && positional != literal {
        let expected = "nothing: the positional arguments of a saved job are part of it";
        return Err(Problem::new("arg.arg", shown(&Value::from(positional.to_vec())), expected));
    }
    let none = Map::new();
    let (inputs, given) = (job.kwarg.as_ref().unwrap_or(&none), given.kwarg.as_ref().unwrap_or(&none));
    for (name, value) in given {
        askable(inputs, name, value)?;
    }
    let mut kwarg = Map::new();
    for (name, definition) in inputs {
        let value = if name == PILLAR { Some(definition.clone()) } else { value(name, definition, given)? };
        if let Some(value) = value {
            kwarg.insert(name.clone(), value);
        }
    }
    Ok(RouteCmdArg { arg: Some(literal), kwarg: Some(kwarg) })
}

/// Whether something may be given under this name.
fn askable(inputs: &Map<String, Value>, name: &str, value: &Value) -> Result<(), Problem> {
    let parameter = format!("arg.kwarg.{name}");
    match inputs.get(name) {
        Some(own) if name == PILLAR && own == value => Ok(()),
        Some(_) if name == PILLAR => {
            Err(Problem::new(parameter, "given", "nothing: the pillar of a saved job is part of it"))
        }
        Some(definition) if !input(&parameter, definition)?.hidden => Ok(()),
        _ => {
            let open = |(name, value): (&String, &Value)| {
                let shown = name != PILLAR && input("", value).is_ok_and(|input| !input.hidden);
                shown.then(|| name.clone())
            };
            let names: Vec<String> = inputs.iter().filter_map(open).collect();
            let expected = if names.is_empty() {
                "nothing: this job has no inputs".to_owned()
            } else {
                format!("one of the job's inputs: {}", names.join(", "))
            };
            Err(Problem::new(parameter, "no input of this job", expected))
        }
    }
}

fn value(name: &str, definition: &Value, given: &Map<String, Value>) -> Result<Option<Value>, Problem> {
    let parameter = format!("arg.kwarg.{name}");
    let input = input(&parameter, definition)?;
    match given.get(name).filter(|value| !value.is_null()) {
        Some(value) => fits(&parameter, &input, value).map(|()| Some(value.clone())),
        None => match default(&input) {
            Some(value) => Ok(Some(value.clone())),
            None if input.required => Err(Problem::new(parameter, "missing", expected(&input))),
            None => Ok(None),
        },
    }
}

fn input(parameter: &str, value: &Value) -> Result<JobInput, Problem> {
    serde_json::from_value(value.clone()).map_err(|error| {
        let expected = format!(
            "an input, as {{\"input_type\": \"string\", \"default\": null, \"required\": false, \"hidden\": false}} ({error})"
        );
        Problem::new(parameter, shown(value), expected)
    })
}

fn default(input: &JobInput) -> Option<&Value> {
    input.default.as_ref().filter(|value| !value.is_null())
}

fn fits(parameter: &str, input: &JobInput, value: &Value) -> Result<(), Problem> {
    let fit = match (input.input_type, value) {
        (InputType::Text, Value::String(_))
        | (InputType::Number, Value::Number(_))
        | (InputType::Bool, Value::Bool(_)) => true,
        (InputType::Select, Value::String(word)) => input.select.iter().flatten().any(|one| one == word),
        _ => false,
    };
    if fit { Ok(()) } else { Err(Problem::new(parameter, shown(value), expected(input))) }
}

fn expected(input: &JobInput) -> String {
    match input.input_type {
        InputType::Text => "a text".to_owned(),
        InputType::Number => "a number".to_owned(),
        InputType::Bool => "true or false".to_owned(),
        InputType::Select => {
            let choices: Vec<String> = input.select.iter().flatten().map(|one| format!("{one:?}")).collect();
            format!("one of {}", choices.join(", "))
        }
    }
}

/// A value in a message: its beginning.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 80 { text } else { text.chars().take(80).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::{apply, check};
    use raas_api::{cmd::RouteCmdArg, job::JobArg};
    use serde_json::{Value, json};

    fn job(value: Value) -> JobArg {
        serde_json::from_value(value).unwrap()
    }

    fn deploy() -> JobArg {
        job(json!({
            "arg": ["West", 35],
            "kwarg": {
                "mods": {"input_type": "string", "default": "deploy", "required": true, "hidden": true},
                "size": {"input_type": "select", "select": ["S", "L"], "required": true},
                "count": {"input_type": "number"},
                "test": {"input_type": "bool", "default": false},
                "pillar": {"site": {"dc": "eu"}},
            },
        }))
    }

    fn given(value: Value) -> RouteCmdArg {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_run_has_the_jobs_own_arguments_what_is_given_and_defaults_for_the_rest() {
        let run = apply(&deploy(), &given(json!({"kwarg": {"size": "L", "test": null}}))).unwrap();
        assert_eq!(
            serde_json::to_value(run).unwrap(),
            json!({"arg": ["West", 35], "kwarg": {"mods": "deploy", "size": "L", "test": false, "pillar": {"site": {"dc": "eu"}}}})
        );
        let same = given(
            json!({"arg": ["West", 35], "kwarg": {"size": "S", "count": 2.5, "pillar": {"site": {"dc": "eu"}}}}),
        );
        assert_eq!(apply(&deploy(), &same).unwrap().kwarg.unwrap()["count"], json!(2.5));
        let bare = job(json!({}));
        assert_eq!(apply(&bare, &given(json!({}))).unwrap(), given(json!({"arg": [], "kwarg": {}})));
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_name() {
        for (arg, parameter, words) in [
            (json!({}), "arg.kwarg.size", "one of \"S\", \"L\""),
            (json!({"kwarg": {"size": "M"}}), "arg.kwarg.size", "one of \"S\", \"L\""),
            (json!({"kwarg": {"size": "S", "count": "2"}}), "arg.kwarg.count", "a number"),
            (json!({"kwarg": {"size": "S", "test": "yes"}}), "arg.kwarg.test", "true or false"),
            (json!({"kwarg": {"size": "S", "mods": "evil"}}), "arg.kwarg.mods", "inputs: size, count, test"),
            (json!({"kwarg": {"size": "S", "other": 1}}), "arg.kwarg.other", "inputs: size, count, test"),
            (json!({"kwarg": {"size": "S", "pillar": {}}}), "arg.kwarg.pillar", "part of it"),
            (json!({"arg": ["East"], "kwarg": {"size": "S"}}), "arg.arg", "part of it"),
        ] {
            let problem = apply(&deploy(), &given(arg)).unwrap_err();
            assert_eq!(problem.parameter, parameter);
            assert!(problem.expected.contains(words), "{problem:?}");
        }
    }

    #[test]
    fn a_definition_that_nobody_could_use_is_refused() {
        check(&deploy()).unwrap();
        for (kwarg, parameter) in [
            (json!({"a": {"input_type": "select"}}), "arg.kwarg.a.select"),
            (json!({"a": {"input_type": "number", "default": "1"}}), "arg.kwarg.a.default"),
            (json!({"a": {"input_type": "string", "hidden": true, "required": true}}), "arg.kwarg.a.default"),
            (json!({"a": {"input_type": "colour"}}), "arg.kwarg.a"),
            (json!({"a": "literal"}), "arg.kwarg.a"),
            (json!({"__pub_user": {"input_type": "string"}}), "arg.kwarg.__pub_user"),
            (json!({"pillar": "x"}), "arg.kwarg.pillar"),
        ] {
            let problem = check(&job(json!({"kwarg": kwarg}))).unwrap_err();
            assert_eq!(problem.parameter, parameter, "{problem:?}");
        }
    }
}
