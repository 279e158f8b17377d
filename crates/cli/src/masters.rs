//! `raas masters [list|accept|reject|delete|forget]`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::master::{
    DeleteMaster, DeleteMasterParams, GetMasterDetails, GetMasterDetailsParams, GetMasterKeys,
    GetMasterKeysParams, KeyActAction, MasterDetails, SetMasterKeyState, SetMasterKeyStateParams,
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
    /// Forget the key; a master that still runs offers it again and waits.
    Delete(Ids),
    /// Forget a master with its keys and what only it told of minions. The last one takes its cluster along.
    Forget {
        /// Master id.
        master: String,
    },
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
        MastersVerb::Forget { master } => forget(door, master).await,
    }
}

async fn list(door: &Door) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let answer = client.call::<GetMasterKeys>(&GetMasterKeysParams::default()).await?;
    warn(&answer.warnings);
    let all = GetMasterDetailsParams { limit: -1, ..GetMasterDetailsParams::default() };
    let details = client.call::<GetMasterDetails>(&all).await?.ret.results;
    let skew = |master: &str, fingerprint: &str| {
        let of_it = |one: &&MasterDetails| one.master_id == master && one.fingerprint == fingerprint;
        clock(details.iter().find(of_it).and_then(|one| one.clock_skew_ms))
    };
    show(
        door.output,
        &answer.ret,
        &["master", "state", "cluster", "last seen", "clock", "fingerprint", "reason"],
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
                        skew(&key.master_id, &key.fingerprint),
                        key.fingerprint.clone(),
                        key.reason.clone(),
                    ]
                })
                .collect()
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

/// How wrong a master's clock is, beside the server's.
fn clock(skew_ms: Option<i64>) -> String {
    match skew_ms {
        None => "-".to_owned(),
        Some(skew) if skew.abs() < 1000 => "right".to_owned(),
        Some(skew) => format!("{:+} s", skew / 1000),
    }
}

async fn forget(door: &Door, master: String) -> anyhow::Result<ExitCode> {
    let params = DeleteMasterParams { master_id: Some(master), master_uuid: None };
    let answer = door.client()?.call::<DeleteMaster>(&params).await?;
    warn(&answer.warnings);
    let gone = &answer.ret;
    show(door.output, gone, &["master", "keys forgotten", "cluster forgotten with it"], || {
        let cluster = gone.cluster_id.clone().unwrap_or_else(|| "-".to_owned());
        vec![vec![gone.master_id.clone(), gone.keys.to_string(), cluster]]
    })?;
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
