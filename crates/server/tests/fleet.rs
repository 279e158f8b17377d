//! The fleet: masters join, clusters are watched, reports are taken, keys are decided about.

pub(crate) mod clocks;
mod clusters;
mod dead_letters;
mod desired_keys;
mod flapping;
mod joining;
pub(crate) mod keys;
mod kinds;
mod masters;
mod minions;
mod reports;
mod signatures;
mod told;

use jiff::Timestamp;
use raas_api::{
    cluster::{Cluster, GetClusters, GetClustersParams, Warning},
    minions::{GetMinionPresence, GetMinionPresenceParams, MinionPresence},
};
use raas_wire::{Evidence, KeyLists, KeyOfMinion, Pinged, Report, Seen};

use crate::support::{Plugin, Server};

/// A minion's key as a master has it; the text of the key follows from its fingerprint.
fn key(minion_id: &str, fingerprint: &str) -> KeyOfMinion {
    let public_key = format!("-----BEGIN PUBLIC KEY-----\n{fingerprint}\n-----END PUBLIC KEY-----\n");
    KeyOfMinion { minion_id: minion_id.to_owned(), fingerprint: fingerprint.to_owned(), public_key }
}

/// All keys of a master: these minions accepted, each with a key of its own that is the same on every master.
fn accepted(minions: &[&str]) -> Report {
    let accepted = minions.iter().map(|id| key(id, &format!("key-of-{id}"))).collect();
    Report::Keys(KeyLists { accepted, ..KeyLists::default() })
}

/// Signs of life at that time of the master's clock.
fn seen(minions: &[&str], evidence: Evidence, at: Timestamp) -> Report {
    Report::Seen(minions.iter().map(|id| Seen { minion_id: (*id).to_owned(), evidence, at }).collect())
}

/// The plugin's own ping: who answered, who did not.
fn pinged(plugin: &Plugin, answered: &[&str], silent: &[&str]) -> Report {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    Report::Pinged(Pinged {
        delivery_id: None,
        sent_at: plugin.now(),
        answered: owned(answered),
        silent: owned(silent),
    })
}

/// A cluster as the console shows it.
async fn cluster(server: &Server, cluster_id: &str) -> Cluster {
    let params =
        GetClustersParams { cluster_id: Some(cluster_id.to_owned()), ..GetClustersParams::default() };
    let mut page = server.call::<GetClusters>(&params).await;
    assert_eq!((page.count, page.results.len()), (1, 1), "{page:?}");
    page.results.remove(0)
}

/// Its warning with this code.
async fn warning(server: &Server, cluster_id: &str, code: &str) -> Warning {
    let cluster = cluster(server, cluster_id).await;
    let found = cluster.warnings.iter().find(|warning| warning.code == code).cloned();
    let warning = found.unwrap_or_else(|| panic!("no {code} among {:?}", cluster.warnings));
    assert!(!warning.fix.is_empty() && warning.message.contains('"'), "{warning:?}");
    warning
}

/// One minion, with the master it was last seen on.
async fn minion(server: &Server, minion_id: &str) -> MinionPresence {
    let params = GetMinionPresenceParams {
        minion_id: Some(minion_id.to_owned()),
        separate_master_cluster_ids: Some(true),
        ..GetMinionPresenceParams::default()
    };
    let mut page = server.call::<GetMinionPresence>(&params).await;
    assert_eq!(page.count, 1, "{page:?}");
    page.results.remove(0)
}
