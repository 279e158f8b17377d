//! `raas jobs saved`, `raas jobs run NAME [input=value …]`: saved jobs. They are written in `save`.

mod save;

use std::{collections::BTreeMap, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use raas_api::{
    cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget, TargetText},
    job::{GetJobs, GetJobsParams, Job},
};
use raas_client::Client;
use serde_json::{Map, Value};

pub(crate) use self::save::{SaveJobArgs, delete, save};
use crate::{
    door::Door,
    output::{show, warn},
    targets,
    watch::to_the_end,
};

/// Which saved job, with what.
#[derive(Debug, Args)]
pub(crate) struct RunSavedArgs {
    /// Its name.
    name: String,
    /// Inputs, as name=value; numbers, true, false and JSON are read as such.
    inputs: Vec<String>,
    /// On this target group, and not on its own.
    #[arg(long, conflicts_with = "target")]
    group: Option<String>,
    /// On this target (a glob) of every cluster, and not on its own.
    #[arg(long)]
    target: Option<String>,
    /// Print the jid and do not wait.
    #[arg(long)]
    detach: bool,
}

/// Saved jobs that you may see.
pub(crate) async fn list(door: &Door) -> anyhow::Result<ExitCode> {
    let jobs = all(&door.client()?, None).await?;
    show(door.output, &jobs, &["name", "kind", "function", "on", "inputs", "description"], || {
        jobs.iter().map(row).collect()
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Runs one and follows it.
pub(crate) async fn run(door: &Door, args: RunSavedArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let job = named(&client, &args.name).await?;
    let mut kwarg = Map::new();
    for input in &args.inputs {
        let (name, value) =
            input.split_once('=').with_context(|| format!("{input:?} is no input: give name=value"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        kwarg.insert(name.to_owned(), value);
    }
    let tgt_uuid = match &args.group {
        Some(name) => Some(targets::named(&client, name).await?.uuid),
        None => None,
    };
    let glob = |text: String| RouteTarget { tgt: TargetText::Text(text), tgt_type: "glob".to_owned() };
    let tgt = args.target.map(|text| BTreeMap::from([("*".to_owned(), glob(text))]));
    let arg = Some(RouteCmdArg { arg: None, kwarg: Some(kwarg) });
    let params = RouteCmdParams { job_uuid: Some(job.uuid), arg, tgt, tgt_uuid, ..Default::default() };
    let answer = client.call::<RouteCmd>(&params).await?;
    warn(&answer.warnings);
    if args.detach {
        println!("{}", answer.ret);
        return Ok(ExitCode::SUCCESS);
    }
    to_the_end(door, &client, &answer.ret).await
}

/// The saved job of this name.
pub(crate) async fn named(client: &Client, name: &str) -> anyhow::Result<Job> {
    let found = all(client, Some(name.to_owned())).await?.into_iter().find(|job| job.name == name);
    found.with_context(|| format!("there is no saved job {name:?}: raas jobs saved lists them"))
}

async fn all(client: &Client, name: Option<String>) -> anyhow::Result<Vec<Job>> {
    let params = GetJobsParams { name, limit: -1, ..GetJobsParams::default() };
    Ok(client.call::<GetJobs>(&params).await?.ret.results)
}

fn row(job: &Job) -> Vec<String> {
    let on = job.tgt_name.clone().or(job.masters.as_ref().map(|masters| masters.join(", ")));
    let is_open = |(name, input): &(&String, &Value)| *name != "pillar" && input["hidden"] != true;
    let inputs: Vec<&str> =
        job.arg.kwarg.iter().flatten().filter(is_open).map(|(name, _)| name.as_str()).collect();
    let (kind, on) = (job.cmd.to_string(), on.unwrap_or_default());
    vec![job.name.clone(), kind, job.fun.clone(), on, inputs.join(", "), job.desc.clone()]
}
