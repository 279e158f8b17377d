//! `raas why <jid> <minion>`: what is known of one minion's outcome of one command, in sentences.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use raas_api::{
    Jid, OutcomeState,
    cmd::{CmdDetail, GetCmdDetails, GetCmdDetailsParams},
};
use serde_json::json;

use crate::{
    door::{Door, Output},
    output::{show, time},
    watch::status,
};

/// Which outcome.
#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    /// Jid.
    jid: Jid,
    /// Minion, or the master for a runner or wheel.
    minion: String,
}

pub(crate) async fn run(door: &Door, args: WhyArgs) -> anyhow::Result<ExitCode> {
    let params: GetCmdDetailsParams =
        serde_json::from_value(json!({"jid": args.jid, "minion_id_exact": args.minion, "limit": -1}))?;
    let client = door.client()?;
    status(&client, &args.jid).await?; // says so when there is no such command
    let found = client.call::<GetCmdDetails>(&params).await?.ret.results;
    let outcome = found.first().with_context(|| {
        format!(
            "command {} expects no answer of {:?}; `raas watch {}` lists its minions",
            args.jid, args.minion, args.jid
        )
    })?;
    if door.output == Output::Table {
        for sentence in sentences(outcome) {
            println!("{sentence}");
        }
    } else {
        show(door.output, outcome, &[], Vec::new)?;
    }
    Ok(ExitCode::from(match outcome.state {
        OutcomeState::Succeeded => 0,
        state if state.has_return() => 2,
        _ => 3,
    }))
}

fn sentences(outcome: &CmdDetail) -> Vec<String> {
    let state = outcome.state.as_str().replace('_', " ");
    let mut all = vec![
        format!(
            "{} of cluster {}: {state} since {}",
            outcome.minion_id,
            outcome.cluster_id,
            time(Some(outcome.alter_time))
        ),
        format!("Why: {}", outcome.reason),
    ];
    if let Some(master) = &outcome.master_id {
        all.push(match outcome.witnesses {
            0 => format!("It was given to master {master}; no return was seen."),
            1 => format!("Its return was seen by master {master}."),
            more => format!("Its return was seen by {more} masters, first by {master}."),
        });
    }
    if let Some(retcode) = outcome.retcode {
        all.push(format!("Return code: {retcode}"));
    }
    if outcome.late {
        all.push("The return came after the outcome had ended without it.".to_owned());
    }
    if outcome.ran_twice {
        all.push("A second, different return came: it ran twice.".to_owned());
    }
    if outcome.unexpected {
        all.push("The plan did not expect this minion.".to_owned());
    }
    all
}
