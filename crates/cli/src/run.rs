//! `raas run`: send a function to minions (or run a runner or wheel), and follow it to its end.

use std::{collections::BTreeMap, process::ExitCode};

use clap::Args;
use raas_api::{
    CommandKind, Disposition,
    cmd::{RouteCmd, RouteCmdArg, RouteCmdParams, RouteTarget, TargetText},
};
use serde_json::{Map, Value};

use crate::{door::Door, output::warn, plan::plan, watch::to_the_end};

/// What to run, and where.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Target expression; with --runner or --wheel the function.
    target: String,
    /// Function; with --runner or --wheel the first argument.
    function: Option<String>,
    /// Arguments; name=value for keyword arguments. Numbers, true, false, null and JSON are read as such.
    /// After `--` they may begin with a hyphen.
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,
    /// Cluster or master ids; default all.
    #[arg(long, short)]
    cluster: Vec<String>,
    /// Salt's target type.
    #[arg(long = "type", short = 't', default_value = "glob")]
    tgt_type: String,
    /// A runner, on one live master of each cluster.
    #[arg(long, conflicts_with = "wheel")]
    runner: bool,
    /// A wheel, likewise.
    #[arg(long)]
    wheel: bool,
    /// With --runner or --wheel: on every live master of a cluster.
    #[arg(long)]
    all_masters: bool,
    /// Seconds a minion may take before it is asked whether it still runs.
    #[arg(long)]
    timeout: Option<u32>,
    /// Print the jid and do not wait.
    #[arg(long)]
    detach: bool,
    /// Send nothing: show what would be done, and whom it would reach.
    #[arg(long, conflicts_with = "detach")]
    plan: bool,
}

pub(crate) async fn run(door: &Door, args: RunArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let detach = args.detach;
    if args.plan {
        return plan(door, &client, &params(args)?).await;
    }
    let answer = client.call::<RouteCmd>(&params(args)?).await?;
    warn(&answer.warnings);
    if detach {
        println!("{}", answer.ret);
        return Ok(ExitCode::SUCCESS);
    }
    to_the_end(door, &client, &answer.ret).await
}

fn params(args: RunArgs) -> anyhow::Result<RouteCmdParams> {
    let places = if args.cluster.is_empty() { vec!["*".to_owned()] } else { args.cluster };
    let mut words = args.args;
    if args.runner || args.wheel {
        words.splice(0..0, args.function);
        let kind = if args.runner { CommandKind::Runner } else { CommandKind::Wheel };
        let disposition = args.all_masters.then(|| vec![Disposition::AllMasters, Disposition::AllInCluster]);
        return Ok(RouteCmdParams {
            cmd: Some(kind),
            fun: Some(args.target),
            masters: Some(places),
            arg: Some(arguments(words)),
            disposition,
            timeout: args.timeout,
            ..RouteCmdParams::default()
        });
    }
    let Some(fun) = args.function else { anyhow::bail!("no function: raas run '*' test.ping") };
    let target = RouteTarget { tgt: TargetText::Text(args.target), tgt_type: args.tgt_type };
    let tgt: BTreeMap<String, RouteTarget> =
        places.into_iter().map(|place| (place, target.clone())).collect();
    Ok(RouteCmdParams {
        cmd: Some(CommandKind::Local),
        fun: Some(fun),
        arg: Some(arguments(words)),
        tgt: Some(tgt),
        timeout: args.timeout,
        ..RouteCmdParams::default()
    })
}

/// `name=value` by name, everything else by position: as Salt's command line does.
pub(crate) fn arguments(words: Vec<String>) -> RouteCmdArg {
    let (mut arg, mut kwarg) = (Vec::new(), Map::new());
    for word in words {
        match word.split_once('=') {
            Some((name, text)) if is_name(name) => {
                kwarg.insert(name.to_owned(), value(text));
            }
            _ => arg.push(value(&word)),
        }
    }
    RouteCmdArg { arg: Some(arg), kwarg: Some(kwarg) }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A word as Salt's own command line reads it.
pub(crate) fn value(text: &str) -> Value {
    match text {
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        "None" => Value::Null,
        _ => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
    }
}
