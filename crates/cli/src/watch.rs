//! `raas watch <jid>`: follow a command until every outcome has ended, then show them. Also the end of `raas run`.

use std::{io::IsTerminal as _, process::ExitCode, time::Duration};

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use raas_api::{
    Jid, OutcomeState,
    cmd::{CmdDetail, CmdStatus, GetCmdDetails, GetCmdDetailsParams, GetCmdStatus, GetCmdStatusParams},
    ret::{GetJid, GetJidParams},
};
use raas_client::Client;
use serde_json::{Map, Value, json};

use crate::{
    door::{Door, Output},
    output::show,
};

/// Which command.
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Jid.
    jid: Jid,
}

pub(crate) async fn run(door: &Door, args: WatchArgs) -> anyhow::Result<ExitCode> {
    to_the_end(door, &door.client()?, &args.jid).await
}

/// Waits until nothing is open, shows every outcome with its return, and says by exit code how it went.
pub(crate) async fn to_the_end(door: &Door, client: &Client, jid: &Jid) -> anyhow::Result<ExitCode> {
    wait(client, jid).await?;
    let outcomes = outcomes(client, jid).await?;
    let params = GetJidParams { jid: jid.clone(), master_id: None };
    let returns = serde_json::to_value(client.call::<GetJid>(&params).await?.ret)?;
    let returns = returns.as_object().cloned().unwrap_or_default();
    print(door, jid, &outcomes, &returns)?;
    Ok(code(&outcomes))
}

async fn wait(client: &Client, jid: &Jid) -> anyhow::Result<()> {
    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template("{spinner} {wide_msg}")?);
    let visible = std::io::stderr().is_terminal();
    loop {
        let status = status(client, jid).await?;
        if status.done {
            bar.finish_and_clear();
            return Ok(());
        }
        if visible {
            let CmdStatus { expected, returned_good, returned_failed, open, .. } = status;
            bar.set_message(format!(
                "{jid}: {expected} expected, {returned_good} good, {returned_failed} failed, {open} open"
            ));
            bar.tick();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

pub(crate) async fn status(client: &Client, jid: &Jid) -> anyhow::Result<CmdStatus> {
    let params = GetCmdStatusParams { jids: vec![jid.clone()] };
    let found = client.call::<GetCmdStatus>(&params).await?.ret;
    found.into_iter().next().with_context(|| format!("the server knows no command {jid}"))
}

async fn outcomes(client: &Client, jid: &Jid) -> anyhow::Result<Vec<CmdDetail>> {
    let params: GetCmdDetailsParams =
        serde_json::from_value(json!({"jid": jid, "limit": -1, "sort_by": "minion_id"}))?;
    Ok(client.call::<GetCmdDetails>(&params).await?.ret.results)
}

fn print(door: &Door, jid: &Jid, outcomes: &[CmdDetail], returns: &Map<String, Value>) -> anyhow::Result<()> {
    let whole = json!({"jid": jid, "outcomes": outcomes, "returns": returns});
    show(door.output, &whole, &["minion", "state", "through", "answer"], || {
        outcomes
            .iter()
            .map(|outcome| {
                let answer = returns.get(&outcome.minion_id).map_or_else(|| outcome.reason.clone(), text);
                let master = outcome.master_id.clone().unwrap_or_else(|| "-".to_owned());
                vec![outcome.minion_id.clone(), outcome.state.to_string(), master, answer]
            })
            .collect()
    })?;
    if door.output == Output::Table {
        println!("{jid}: {}", summary(outcomes));
    }
    Ok(())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

fn summary(outcomes: &[CmdDetail]) -> String {
    let counted = OutcomeState::ALL.iter().filter_map(|state| {
        let count = outcomes.iter().filter(|outcome| outcome.state == *state).count();
        (count > 0).then(|| format!("{count} {}", state.as_str().replace('_', " ")))
    });
    let parts: Vec<String> = counted.collect();
    if parts.is_empty() { "nobody was expected to answer".to_owned() } else { parts.join(", ") }
}

/// 0 all good, 2 some failed, 3 some did not answer, or nobody was there to answer.
fn code(outcomes: &[CmdDetail]) -> ExitCode {
    if outcomes.is_empty() || outcomes.iter().any(|outcome| !outcome.state.has_return()) {
        ExitCode::from(3)
    } else if outcomes.iter().any(|outcome| outcome.state == OutcomeState::Failed) {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    }
}
