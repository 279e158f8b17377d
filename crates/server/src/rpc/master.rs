//! `master.*`: masters, their keys and presence. One file per method; here only what several of them share.

mod delete_master;
mod find;
mod get_master_deployments;
mod get_master_details;
mod get_master_grains;
mod get_master_keys;
mod get_master_presence;
mod get_plugin_status;
mod get_plugin_versions;
mod plugins;
mod save_master;
mod save_master_key;
mod set_master_key_state;
mod set_plugin_status;

use jiff::{SignedDuration, Timestamp};
use raas_db::{DbError, Session};

use crate::{AppState, Change};

pub(super) use get_master_keys::pending_from;

/// Older gaps are not shown any more.
pub(super) fn gaps_from(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Tells every console, on commit, that masters of a cluster changed.
async fn tell(state: &AppState, session: &impl Session, cluster_id: &str) -> Result<(), DbError> {
    for topic in ["masters", "clusters"] {
        state.notify_change(session, &Change::of(topic).in_cluster(cluster_id)).await?;
    }
    Ok(())
}
