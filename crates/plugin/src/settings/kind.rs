//! Which cluster a master belongs to, and of what kind, from raas.conf and Salt's own `cluster_id`.

use raas_salt::MasterConfig;
use raas_wire::ClusterKind;

use super::reader::Reader;

pub(super) fn of(config: &MasterConfig, reader: &mut Reader<'_>) -> (Option<String>, ClusterKind) {
    let ours = reader.name("sseapi_cluster_id");
    let failover = reader.switch("sseapi_failover_master", false);
    if let Some(native) = &config.cluster_id {
        if ours.as_ref().is_some_and(|ours| ours != native) {
            reader.problem(
                "sseapi_cluster_id",
                &format!(
                    "this master is in Salt's own cluster {native:?} (cluster_id): remove this key, or give it that value"
                ),
            );
        }
        if failover {
            reader.problem(
                "sseapi_failover_master",
                &format!("Salt's own cluster {native:?} (cluster_id) shares its minions: remove this key"),
            );
        }
        return (Some(native.clone()), ClusterKind::Native);
    }
    match (ours, failover) {
        (Some(cluster), true) => (Some(cluster), ClusterKind::Failover),
        (Some(cluster), false) => (Some(cluster), ClusterKind::Hot),
        (None, true) => {
            let what = "True needs a cluster: set sseapi_cluster_id, the same on all its masters";
            reader.problem("sseapi_failover_master", what);
            (None, ClusterKind::Single)
        }
        (None, false) => (None, ClusterKind::Single),
    }
}
