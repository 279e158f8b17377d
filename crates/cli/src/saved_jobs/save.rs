//! `raas jobs save`, `raas jobs delete`: a saved job in options; what they cannot say, `job.save_job` takes.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use raas_api::{
    CommandKind,
    job::{DeleteJob, DeleteJobParams, InputType, JobArg, JobInput, SaveJob, SaveJobParams},
};
use serde_json::{Map, Value, json};

use crate::{
    door::Door,
    output::{done, say, warn},
    run::{arguments, value},
    targets,
};

/// What runs, and what it asks for.
#[derive(Debug, Args)]
pub(crate) struct SaveJobArgs {
    /// Its name. Of one that is there, function, arguments and inputs are replaced; group and description stay unless given.
    name: String,
    /// Function, as state.apply.
    fun: String,
    /// Arguments as they are; name=value for keyword arguments that nobody is asked for.
    args: Vec<String>,
    /// Asked for when it is run: NAME[:TYPE][=DEFAULT], with TYPE string, number, bool, or choices as dev|prod. Without a
    /// default it must be given.
    #[arg(long, value_name = "INPUT")]
    input: Vec<String>,
    /// Run it as a runner on a master.
    #[arg(long, conflicts_with_all = ["wheel", "group"])]
    runner: bool,
    /// Run it as a wheel function on a master.
    #[arg(long, conflicts_with = "group")]
    wheel: bool,
    /// Of a runner or wheel: master or cluster ids; default all.
    #[arg(long, short)]
    master: Vec<String>,
    /// The target group that it is meant for.
    #[arg(long)]
    group: Option<String>,
    /// For people.
    #[arg(long)]
    desc: Option<String>,
}

/// Saves one.
pub(crate) async fn save(door: &Door, args: SaveJobArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let before =
        super::all(&client, Some(args.name.clone())).await?.into_iter().find(|one| one.name == args.name);
    let tgt_uuid = match &args.group {
        Some(name) => Some(targets::named(&client, name).await?.uuid),
        None => None,
    };
    let cmd = match (args.runner, args.wheel) {
        (true, _) => CommandKind::Runner,
        (_, true) => CommandKind::Wheel,
        _ => CommandKind::Local,
    };
    if cmd == CommandKind::Local && !args.master.is_empty() {
        bail!("--master is where a runner or wheel function runs: add --runner or --wheel, or use --group");
    }
    let masters = (cmd != CommandKind::Local)
        .then(|| if args.master.is_empty() { vec!["*".to_owned()] } else { args.master });
    let params = SaveJobParams {
        arg: Some(job_arg(args.args, &args.input)?),
        name: Some(args.name.clone()),
        desc: args.desc,
        cmd: Some(cmd),
        fun: Some(args.fun),
        masters,
        job_uuid: before.map(|one| one.uuid),
        tgt_uuid,
    };
    let answer = client.call::<SaveJob>(&params).await?;
    warn(&answer.warnings);
    say(door.output, &format!("Job {} is saved ({}): raas jobs run {0}", args.name, answer.ret))?;
    done(door.output, &super::named(&client, &args.name).await?)?;
    Ok(ExitCode::SUCCESS)
}

/// Deletes one.
pub(crate) async fn delete(door: &Door, name: &str, force: bool) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let job_uuid = super::named(&client, name).await?.uuid;
    client.call::<DeleteJob>(&DeleteJobParams { job_uuid, force: Some(force) }).await?;
    say(door.output, &format!("Job {name} is deleted."))?;
    done(door.output, &json!({"deleted": [name]}))?;
    Ok(ExitCode::SUCCESS)
}

fn job_arg(words: Vec<String>, inputs: &[String]) -> anyhow::Result<JobArg> {
    let given = arguments(words);
    let mut kwarg = Map::new();
    for (name, value) in given.kwarg.unwrap_or_default() {
        kwarg.insert(name.clone(), fixed(&name, value)?);
    }
    for text in inputs {
        let (name, input) = input(text)?;
        if kwarg.insert(name.clone(), serde_json::to_value(input)?).is_some() {
            bail!("{name:?} is given twice");
        }
    }
    Ok(JobArg { arg: given.arg.filter(|arg| !arg.is_empty()), kwarg: (!kwarg.is_empty()).then_some(kwarg) })
}

/// A value that nobody is asked for; a pillar is sent as it is.
fn fixed(name: &str, value: Value) -> anyhow::Result<Value> {
    let input_type = match &value {
        Value::Object(_) if name == "pillar" => return Ok(value),
        Value::String(_) => InputType::Text,
        Value::Number(_) => InputType::Number,
        Value::Bool(_) => InputType::Bool,
        _ => bail!("{name}={value}: a job keeps texts, numbers, true and false by name, and a map as pillar"),
    };
    let hidden = JobInput { default: Some(value), hidden: true, ..empty(input_type) };
    Ok(serde_json::to_value(hidden)?)
}

/// `NAME[:TYPE][=DEFAULT]`
fn input(text: &str) -> anyhow::Result<(String, JobInput)> {
    let (what, default) = match text.split_once('=') {
        Some((what, default)) => (what, Some(default)),
        None => (text, None),
    };
    let (name, kind) = what.split_once(':').unwrap_or((what, "string"));
    if name.is_empty() {
        bail!("input {text:?} has no name: give NAME, NAME:TYPE or NAME:TYPE=DEFAULT");
    }
    let mut input = match InputType::from_word(kind) {
        Some(InputType::Select) | None if kind.contains('|') => {
            let choices = kind.split('|').map(str::to_owned).collect();
            JobInput { select: Some(choices), ..empty(InputType::Select) }
        }
        Some(InputType::Select) | None => {
            bail!(
                "input {text:?}: {kind:?} is no type; expected string, number, bool, or choices as dev|prod"
            )
        }
        Some(kind) => empty(kind),
    };
    input.required = default.is_none();
    input.default = default
        .map(|text| default_of(input.input_type, text))
        .transpose()
        .with_context(|| format!("input {text:?}"))?;
    Ok((name.to_owned(), input))
}

fn default_of(kind: InputType, text: &str) -> anyhow::Result<Value> {
    let read = value(text);
    match kind {
        InputType::Number if !read.is_number() => bail!("default {text:?} is no number"),
        InputType::Bool if !read.is_boolean() => bail!("default {text:?} is neither true nor false"),
        InputType::Number | InputType::Bool => Ok(read),
        InputType::Text | InputType::Select => Ok(Value::String(text.to_owned())),
    }
}

fn empty(input_type: InputType) -> JobInput {
    JobInput {
        display_name: None,
        input_type,
        select: None,
        default: None,
        help: None,
        required: false,
        hidden: false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::job_arg;

    fn kwarg(words: &[&str], inputs: &[&str]) -> Result<Value, String> {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let arg = job_arg(owned(words), &owned(inputs)).map_err(|error| format!("{error:#}"))?;
        Ok(json!(arg.kwarg))
    }

    #[test]
    fn inputs_have_a_type_and_a_default_or_must_be_given() {
        let all =
            kwarg(&["test=True"], &["env", "count:number=5", "stage:dev|prod=dev", "dry:bool=true"]).unwrap();
        assert_eq!(all["test"]["hidden"], true, "{all}");
        assert_eq!(all["env"]["required"], true, "{all}");
        assert_eq!((&all["count"]["default"], &all["dry"]["default"]), (&json!(5), &json!(true)));
        assert_eq!(
            (&all["stage"]["select"], &all["stage"]["default"]),
            (&json!(["dev", "prod"]), &json!("dev"))
        );
    }

    #[test]
    fn what_is_no_input_is_named() {
        for (inputs, told) in [
            (vec!["n:number=many"], "\"many\" is no number"),
            (vec!["n:float"], "\"float\" is no type"),
            (vec![":string"], "has no name"),
            (vec!["a", "a"], "\"a\" is given twice"),
        ] {
            let said = kwarg(&[], &inputs).unwrap_err();
            assert!(said.contains(told), "{said}");
        }
        assert!(kwarg(&["x=[1]"], &[]).unwrap_err().contains("a job keeps texts"));
    }
}
