//! `raas clusters`

use std::process::ExitCode;

use raas_api::cluster::{GetClusters, GetClustersParams};

use crate::{
    door::{Door, Output},
    output::{show, warn},
};

pub(crate) async fn run(door: &Door) -> anyhow::Result<ExitCode> {
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
            println!("! {}\n  {}", warning.message, warning.fix);
        }
    }
    Ok(ExitCode::SUCCESS)
}
