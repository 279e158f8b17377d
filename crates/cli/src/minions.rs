//! `raas minions`

use std::process::ExitCode;

use clap::Args;
use raas_api::{
    Presence,
    minions::{GetMinionPresence, GetMinionPresenceParams, MinionPresence},
};

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
        include_links: Some(true),
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
                    on_masters(one),
                    one.status.to_string(),
                    one.evidence.clone().unwrap_or_else(|| "-".to_owned()),
                    one.age_s.map_or_else(|| "-".to_owned(), |age| format!("{age} s")),
                ]
            })
            .collect()
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Where it is: a hot-hot minion is on several masters at once. Where it is on none, where it was seen last.
fn on_masters(one: &MinionPresence) -> String {
    let links = one.links.as_deref().unwrap_or_default();
    let on: Vec<&str> = links
        .iter()
        .filter(|link| link.status == Presence::Present)
        .map(|link| link.master_id.as_str())
        .collect();
    if !on.is_empty() {
        return on.join(", ");
    }
    one.master.as_ref().map_or_else(|| "-".to_owned(), |master| format!("none (was on {master})"))
}
