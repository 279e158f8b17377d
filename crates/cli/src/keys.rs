//! `raas keys [matrix|list|accept|reject|delete]`: minion keys of a cluster; one decision is written on every master of it.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::minions::{
    DesiredKeyState, GetMinionKeyMatrix, GetMinionKeyMatrixParams, GetMinionKeyState,
    GetMinionKeyStateParams, MinionKeyAction, MinionKeyCell, MinionKeyRow, SetMinionKeyState,
    SetMinionKeyStateParams,
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
    /// What is decided about each minion's key, and what each master of its cluster shows (the default).
    Matrix {
        /// Of this cluster.
        cluster: Option<String>,
        /// Of this minion, or a glob.
        minion: Option<String>,
        /// Only what wants a decision: waiting keys, conflicts, and what was changed with salt-key.
        #[arg(long)]
        undecided: bool,
    },
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
    /// Reject: also accepted keys.
    #[arg(long)]
    include_accepted: bool,
    /// Accept: also rejected keys.
    #[arg(long)]
    include_rejected: bool,
    /// Accept, reject: also denied keys.
    #[arg(long)]
    include_denied: bool,
}

pub(crate) async fn run(door: &Door, args: KeysArgs) -> anyhow::Result<ExitCode> {
    match args.verb.unwrap_or(KeysVerb::Matrix { cluster: None, minion: None, undecided: false }) {
        KeysVerb::Matrix { cluster, minion, undecided } => matrix(door, cluster, minion, undecided).await,
        KeysVerb::List { on, minion } => list(door, on, minion).await,
        KeysVerb::Accept(which) => act(door, which, MinionKeyAction::Accept).await,
        KeysVerb::Reject(which) => act(door, which, MinionKeyAction::Reject).await,
        KeysVerb::Delete(which) => act(door, which, MinionKeyAction::Delete).await,
    }
}

async fn matrix(
    door: &Door,
    cluster_id: Option<String>,
    minion_id: Option<String>,
    needs_decision: bool,
) -> anyhow::Result<ExitCode> {
    let params = GetMinionKeyMatrixParams {
        cluster_id,
        minion_id,
        needs_decision,
        limit: -1,
        ..GetMinionKeyMatrixParams::default()
    };
    let answer = door.client()?.call::<GetMinionKeyMatrix>(&params).await?;
    warn(&answer.warnings);
    let rows = &answer.ret.results;
    show(door.output, rows, &["minion", "cluster", "decided", "on each master", ""], || {
        rows.iter()
            .map(|row| {
                vec![
                    row.minion_id.clone(),
                    row.cluster_id.clone(),
                    decided(row),
                    row.cells.iter().map(cell).collect::<Vec<_>>().join("; "),
                    trouble(row),
                ]
            })
            .collect()
    })?;
    Ok(ExitCode::SUCCESS)
}

fn decided(row: &MinionKeyRow) -> String {
    let Some(desired) = &row.desired else { return "-".to_owned() };
    let word = match desired.state {
        DesiredKeyState::Accepted => "accepted",
        DesiredKeyState::Rejected => "rejected",
        DesiredKeyState::Absent => "deleted",
    };
    desired.fingerprint.as_ref().map_or_else(|| word.to_owned(), |key| format!("{word} {}", short(key)))
}

fn cell(cell: &MinionKeyCell) -> String {
    let mut text = format!("{}: {}", cell.master_id, cell.state.as_str());
    if let Some(key) = &cell.fingerprint {
        text = format!("{text} {}", short(key));
    }
    if let Some(key) = &cell.denied_fingerprint {
        text = format!("{text}, denied {}", short(key));
    }
    if let Some(change) = &cell.change {
        let word = match change.action {
            MinionKeyAction::Accept => "accept",
            MinionKeyAction::Reject => "reject",
            MinionKeyAction::Delete => "delete",
        };
        let how = match (&change.error, change.tried_at) {
            (Some(error), _) => format!("refused: {error}"),
            (None, Some(_)) => "under way".to_owned(),
            (None, None) => "when it is back".to_owned(),
        };
        text = format!("{text} ({word} since {}, {how})", time(Some(change.since)));
    }
    text
}

fn trouble(row: &MinionKeyRow) -> String {
    let suspended = row.desired.as_ref().and_then(|desired| desired.suspended.as_ref());
    let conflict = row.conflict.then(|| "different keys".to_owned());
    let all: Vec<String> =
        conflict.into_iter().chain(suspended.map(|one| format!("suspended: {}", one.reason))).collect();
    all.join("; ")
}

/// Enough of a fingerprint to tell two apart; the whole is in `raas keys list` and with `--output json`.
fn short(fingerprint: &str) -> String {
    fingerprint.chars().take(12).collect()
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
    let Which { cluster, minions, .. } = which;
    let params = SetMinionKeyStateParams {
        state,
        minions: minions.into_iter().map(|minion| (cluster.clone(), minion)).collect(),
        include_accepted: Some(which.include_accepted),
        include_rejected: Some(which.include_rejected),
        include_denied: Some(which.include_denied),
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
