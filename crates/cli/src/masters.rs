//! `raas masters [list|accept|reject|delete]`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::master::{
    GetMasterKeys, GetMasterKeysParams, KeyActAction, SetMasterKeyState, SetMasterKeyStateParams,
};

use crate::{
    door::Door,
    output::{show, time, warn},
};

/// What about the masters.
#[derive(Debug, Args)]
pub(crate) struct MastersArgs {
    #[command(subcommand)]
    verb: Option<MastersVerb>,
}

#[derive(Debug, Subcommand)]
enum MastersVerb {
    /// Every key that a master ever offered, with its fingerprint to compare.
    List,
    /// Accept the key of these masters.
    Accept(Ids),
    /// Reject it.
    Reject(Ids),
    /// Forget the key, and the master with it.
    Delete(Ids),
}

#[derive(Debug, Args)]
struct Ids {
    /// Master ids.
    #[arg(required = true)]
    masters: Vec<String>,
    /// Only the key with this fingerprint.
    #[arg(long)]
    fingerprint: Option<String>,
}

pub(crate) async fn run(door: &Door, args: MastersArgs) -> anyhow::Result<ExitCode> {
    match args.verb.unwrap_or(MastersVerb::List) {
        MastersVerb::List => list(door).await,
        MastersVerb::Accept(ids) => act(door, ids, KeyActAction::Accept).await,
        MastersVerb::Reject(ids) => act(door, ids, KeyActAction::Reject).await,
        MastersVerb::Delete(ids) => act(door, ids, KeyActAction::Delete).await,
    }
}

async fn list(door: &Door) -> anyhow::Result<ExitCode> {
    let answer = door.client()?.call::<GetMasterKeys>(&GetMasterKeysParams::default()).await?;
    warn(&answer.warnings);
    show(
        door.output,
        &answer.ret,
        &["master", "state", "cluster", "last seen", "fingerprint", "reason"],
        || {
            answer
                .ret
                .iter()
                .map(|key| {
                    vec![
                        key.master_id.clone(),
                        key.state.as_str().to_owned(),
                        key.cluster_id.clone().unwrap_or_else(|| "-".to_owned()),
                        time(Some(key.last_seen)),
                        key.fingerprint.clone(),
                        key.reason.clone(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

async fn act(door: &Door, ids: Ids, action: KeyActAction) -> anyhow::Result<ExitCode> {
    let params = SetMasterKeyStateParams { masters: ids.masters, action, fingerprint: ids.fingerprint };
    let answer = door.client()?.call::<SetMasterKeyState>(&params).await?;
    warn(&answer.warnings);
    show(door.output, &answer.ret, &["master", "done", "what"], || {
        let rows = answer.ret.iter();
        rows.map(|act| {
            vec![act.master_id.clone(), if act.done { "yes" } else { "no" }.to_owned(), act.message.clone()]
        })
        .collect()
    })?;
    Ok(ExitCode::from(u8::from(answer.ret.iter().any(|act| !act.done))))
}
