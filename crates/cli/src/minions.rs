//! `raas minions`

use std::process::ExitCode;

use clap::Args;
use raas_api::minions::{GetMinionPresence, GetMinionPresenceParams};

use crate::{
    door::Door,
    output::{show, warn},
};

/// Which minions.
#[derive(Debug, Args)]
pub(crate) struct MinionsArgs {
    /// Of this cluster.
    #[arg(long)]
    cluster: Option<String>,
    /// Whose id holds this text.
    minion: Option<String>,
}

pub(crate) async fn run(door: &Door, args: MinionsArgs) -> anyhow::Result<ExitCode> {
    let params = GetMinionPresenceParams {
        cluster_id: args.cluster,
        minion_id: args.minion,
        separate_master_cluster_ids: Some(true),
        limit: -1,
        ..GetMinionPresenceParams::default()
    };
    let answer = door.client()?.call::<GetMinionPresence>(&params).await?;
    warn(&answer.warnings);
    let minions = &answer.ret.results;
    show(door.output, minions, &["minion", "cluster", "on master", "status", "evidence", "age"], || {
        minions
            .iter()
            .map(|one| {
                vec![
                    one.minion.clone(),
                    one.cluster_id.clone(),
                    one.master.clone().unwrap_or_else(|| "-".to_owned()),
                    one.status.to_string(),
                    one.evidence.clone().unwrap_or_else(|| "-".to_owned()),
                    one.age_s.map_or_else(|| "-".to_owned(), |age| format!("{age} s")),
                ]
            })
            .collect()
    })?;
    Ok(ExitCode::SUCCESS)
}
