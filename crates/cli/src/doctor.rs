//! `raas doctor`: everything that is wrong and seen from the API, each with its fix. Exit code 1 when there is something.

use std::process::ExitCode;

use raas_api::{
    MasterKeyState,
    cluster::{GetClusters, GetClustersParams, Warning},
    master::{GetMasterKeys, GetMasterKeysParams},
};
use serde::Serialize;

use crate::{
    door::{Door, Output},
    output::show,
};

/// One thing that is wrong.
#[derive(Debug, Serialize)]
struct Finding {
    place: String,
    code: String,
    message: String,
    fix: String,
}

impl Finding {
    fn of_cluster(cluster: &str, warning: &Warning) -> Self {
        let Warning { code, message, fix } = warning.clone();
        Self { place: cluster.to_owned(), code, message, fix }
    }
}

pub(crate) async fn run(door: &Door) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    let params = GetClustersParams { limit: -1, ..GetClustersParams::default() };
    let clusters = client.call::<GetClusters>(&params).await?.ret.results;
    let mut findings: Vec<Finding> = clusters
        .iter()
        .flat_map(|cluster| cluster.warnings.iter().map(|one| Finding::of_cluster(&cluster.cluster_id, one)))
        .collect();
    let pending = GetMasterKeysParams { state: Some(MasterKeyState::Pending), ..Default::default() };
    findings.extend(client.call::<GetMasterKeys>(&pending).await?.ret.into_iter().map(|key| Finding {
        place: key.master_id.clone(),
        code: "master_pending".to_owned(),
        message: format!("master {} waits to be accepted, with key {}", key.master_id, key.fingerprint),
        fix: format!(
            "compare the key with `raas-plugin status` there, then: raas masters accept {} --fingerprint {}",
            key.master_id, key.fingerprint
        ),
    }));
    if findings.is_empty() && door.output == Output::Table {
        println!("Nothing is wrong, as far as the server can see: {} clusters.", clusters.len());
        return Ok(ExitCode::SUCCESS);
    }
    show(door.output, &findings, &["where", "what is wrong", "what to do"], || {
        findings.iter().map(|one| vec![one.place.clone(), one.message.clone(), one.fix.clone()]).collect()
    })?;
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}
