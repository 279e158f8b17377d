//! `cluster.*`: ours alone. One file per method; here only what several of them share.

mod check_minions;
mod get_clusters;
mod get_minion_checks;

use crate::RpcError;

fn unknown(cluster_id: &str) -> RpcError {
    RpcError::NotFound(format!("there is no cluster {cluster_id:?}: look at cluster.get_clusters"))
}
