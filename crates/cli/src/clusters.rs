//! `raas clusters [list|check]`

use std::{process::ExitCode, time::Duration};

use clap::{Args, Subcommand};
use raas_api::cluster::{
    CheckMinions, CheckMinionsParams, GetClusters, GetClustersParams, GetMinionChecks, GetMinionChecksParams,
    MinionCheck,
};

use crate::{
    door::{Door, Output},
    output::{line, show, warn},
};

/// What about the clusters.
#[derive(Debug, Args)]
pub(crate) struct ClustersArgs {
    #[command(subcommand)]
    verb: Option<ClustersVerb>,
}

#[derive(Debug, Subcommand)]
enum ClustersVerb {
    /// Masters, minions and warnings (the default).
    List,
    /// Ask the minions of a cluster for the settings that its kind needs, and say what is wrong.
    Check {
        /// Cluster (or single master).
        cluster: String,
        /// Show what the last check found, and ask nobody.
        #[arg(long)]
        last: bool,
    },
}

pub(crate) async fn run(door: &Door, args: ClustersArgs) -> anyhow::Result<ExitCode> {
    match args.verb.unwrap_or(ClustersVerb::List) {
        ClustersVerb::List => list(door).await,
        ClustersVerb::Check { cluster, last } => check(door, cluster, last).await,
    }
}

/// Between two looks whether a check is judged.
const LOOK: Duration = Duration::from_millis(500);

async fn check(door: &Door, cluster_id: String, last: bool) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let started = if last {
        None
    } else {
        let params = CheckMinionsParams { cluster_id: cluster_id.clone() };
        let answer = client.call::<CheckMinions>(&params).await?;
        warn(&answer.warnings);
        Some(answer.ret.jid)
    };
    let params = GetMinionChecksParams { cluster_id };
    let found = loop {
        let found = client.call::<GetMinionChecks>(&params).await?.ret;
        if started.is_none() || !found.open || found.jid != started {
            break found;
        }
        tokio::time::sleep(LOOK).await;
    };
    tell(door, &found)
}

fn tell(door: &Door, found: &MinionCheck) -> anyhow::Result<ExitCode> {
    if door.output == Output::Table && found.findings.is_empty() {
        match found.age_s {
            Some(age) => {
                println!("{} minions were asked {age} s ago; nothing is wrong.", found.minions.len());
            }
            None => println!("The minions of {} were never asked.", found.cluster_id),
        }
        return Ok(ExitCode::SUCCESS);
    }
    show(door.output, found, &["what is wrong", "what to do"], || {
        found.findings.iter().map(|one| vec![one.message.clone(), one.fix.clone()]).collect()
    })?;
    Ok(ExitCode::from(u8::from(!found.findings.is_empty())))
}

async fn list(door: &Door) -> anyhow::Result<ExitCode> {
    let params = GetClustersParams { limit: -1, ..GetClustersParams::default() };
    let answer = door.client()?.call::<GetClusters>(&params).await?;
    warn(&answer.warnings);
    let clusters = &answer.ret.results;
    show(
        door.output,
        clusters,
        &["cluster", "kind", "master", "status", "minions on it", "present", "lost", "unknown"],
        || {
            clusters
                .iter()
                .flat_map(|cluster| {
                    cluster.masters.iter().map(|master| {
                        vec![
                            cluster.cluster_id.clone(),
                            serde_json::to_value(cluster.kind)
                                .unwrap_or_default()
                                .as_str()
                                .unwrap_or_default()
                                .to_owned(),
                            master.master_id.clone(),
                            format!("{} ({})", master.status, master.reason),
                            master.minions.to_string(),
                            cluster.minions.present.to_string(),
                            cluster.minions.lost.to_string(),
                            cluster.minions.unknown.to_string(),
                        ]
                    })
                })
                .collect()
        },
    )?;
    if door.output == Output::Table {
        for warning in clusters.iter().flat_map(|cluster| &cluster.warnings) {
            line(&format!("! {}\n  {}", warning.message, warning.fix))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
