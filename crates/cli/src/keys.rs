//! `raas keys [list|accept|reject|delete]`: minion keys of a cluster; one decision is written on every master of it.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::minions::{
    GetMinionKeyState, GetMinionKeyStateParams, MinionKeyAction, SetMinionKeyState, SetMinionKeyStateParams,
};

use crate::{
    door::Door,
    output::{show, time, warn},
};

/// What about the keys.
#[derive(Debug, Args)]
pub(crate) struct KeysArgs {
    #[command(subcommand)]
    verb: Option<KeysVerb>,
}

#[derive(Debug, Subcommand)]
enum KeysVerb {
    /// Every key as each master has it.
    List {
        /// On the masters of this cluster, or on this master.
        #[arg(long)]
        on: Option<String>,
        /// Of this minion, or a glob.
        minion: Option<String>,
    },
    /// The same key, accepted on every master of the cluster.
    Accept(Which),
    /// Refuse it on every master. The minion's process exits.
    Reject(Which),
    /// Forget it on every master.
    Delete(Which),
}

#[derive(Debug, Args)]
struct Which {
    /// Cluster (or single master).
    cluster: String,
    /// Minion ids.
    #[arg(required = true)]
    minions: Vec<String>,
}

pub(crate) async fn run(door: &Door, args: KeysArgs) -> anyhow::Result<ExitCode> {
    match args.verb.unwrap_or(KeysVerb::List { on: None, minion: None }) {
        KeysVerb::List { on, minion } => list(door, on, minion).await,
        KeysVerb::Accept(which) => act(door, which, MinionKeyAction::Accept).await,
        KeysVerb::Reject(which) => act(door, which, MinionKeyAction::Reject).await,
        KeysVerb::Delete(which) => act(door, which, MinionKeyAction::Delete).await,
    }
}

async fn list(door: &Door, on: Option<String>, minion: Option<String>) -> anyhow::Result<ExitCode> {
    let params = GetMinionKeyStateParams {
        master_id: on,
        minion_id: minion,
        limit: -1,
        ..GetMinionKeyStateParams::default()
    };
    let answer = door.client()?.call::<GetMinionKeyState>(&params).await?;
    warn(&answer.warnings);
    let keys = &answer.ret.results;
    show(door.output, keys, &["minion", "master", "state", "since", "fingerprint", ""], || {
        keys.iter()
            .map(|key| {
                vec![
                    key.minion_id.clone(),
                    key.master_id.clone(),
                    key.key_state.to_string(),
                    time(key.since),
                    key.fingerprint.clone().unwrap_or_else(|| "-".to_owned()),
                    if key.conflict { "differs within the cluster" } else { "" }.to_owned(),
                ]
            })
            .collect()
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn act(door: &Door, which: Which, state: MinionKeyAction) -> anyhow::Result<ExitCode> {
    let Which { cluster, minions } = which;
    let params = SetMinionKeyStateParams {
        state,
        minions: minions.into_iter().map(|minion| (cluster.clone(), minion)).collect(),
        include_accepted: None,
        include_rejected: None,
        include_denied: None,
    };
    let answer = door.client()?.call::<SetMinionKeyState>(&params).await?;
    warn(&answer.warnings);
    let acts = &answer.ret.results;
    show(door.output, &answer.ret, &["minion", "done", "on masters", "what"], || {
        acts.iter()
            .map(|act| {
                let done = if act.done { "yes" } else { "no" }.to_owned();
                vec![act.minion_id.clone(), done, act.masters.join(", "), act.message.clone()]
            })
            .collect()
    })?;
    Ok(ExitCode::from(u8::from(acts.iter().any(|act| !act.done))))
}
