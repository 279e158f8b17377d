//! Keys of minions: what a cluster decided is compared with what its masters show, and they are asked for the difference.
//! Looked at only where something happened: a decision, a new key list, an answer, a master that is there again.

use jiff::{SignedDuration, Timestamp};
use raas_api::{MinionKeyState, Presence, minions::MinionKeyAction};
use raas_cluster::keys::desired::{Desired, Shown, Step, next, pause};
use raas_db::{
    Client, DbError, Transaction, cluster, key_change,
    minion_key::{self, Differing},
};
use uuid::Uuid;

use super::round::Round;
use crate::{
    Change,
    job::after,
    keys::{Wanted, send},
};

/// Clusters compared in one turn.
const CLUSTERS: i64 = 20;
/// Differences of one cluster looked at in one turn.
const LIMIT: i64 = 5_000;
/// How soon a cluster in which something is still on its way is looked at again.
const AGAIN: SignedDuration = SignedDuration::from_secs(15);
/// A change that was not answered so long, and is there to be seen, is over.
const UNANSWERED: SignedDuration = SignedDuration::from_secs(120);

/// Compares what is due. True: there is more.
pub(super) async fn pass(round: &Round<'_>, client: &mut Client) -> Result<bool, DbError> {
    let tx = client.transaction().await?;
    let due = cluster::keys_due(&tx, round.now, CLUSTERS).await?;
    let mut more = due.len() >= usize::try_from(CLUSTERS).unwrap_or(usize::MAX);
    for cluster_id in &due {
        more |= compare(round, &tx, cluster_id).await?;
    }
    tx.commit().await?;
    Ok(more)
}

async fn compare(round: &Round<'_>, tx: &Transaction<'_>, cluster_id: &str) -> Result<bool, DbError> {
    let long_ago = round.now.saturating_sub(UNANSWERED).unwrap_or(round.now);
    key_change::settle(tx, cluster_id, None, long_ago).await?;
    minion_key::forget_absent(tx, cluster_id).await?;
    let present: Vec<Uuid> = round
        .masters
        .iter()
        .filter(|(master, presence)| master.cluster_id == cluster_id && *presence == Presence::Present)
        .map(|(master, _)| master.master_uuid)
        .collect();
    let differing = minion_key::differing(tx, cluster_id, &present, LIMIT).await?;
    let wanted: Vec<Wanted> = differing.iter().filter_map(|one| wanted(round.now, cluster_id, one)).collect();
    if !wanted.is_empty() {
        tracing::info!(
            cluster = cluster_id,
            changes = wanted.len(),
            "keys of minions are written on masters"
        );
        send(round.state, tx, round.now, &wanted).await?;
        round.state.notify_change(tx, &Change::of("minions").in_cluster(cluster_id)).await?;
    }
    let full = !wanted.is_empty() && differing.len() >= usize::try_from(LIMIT).unwrap_or(usize::MAX);
    let next = match (full, differing.is_empty()) {
        (true, _) => Some(round.now),
        (false, false) => Some(after(round.now, AGAIN)),
        (false, true) => None,
    };
    cluster::keys_looked(tx, cluster_id, next).await?;
    Ok(full)
}

/// What the master is asked for now, if anything.
fn wanted(now: Timestamp, cluster_id: &str, one: &Differing) -> Option<Wanted> {
    let tries = u32::try_from(one.tries).unwrap_or(0);
    if one.tried_at.is_some_and(|at| now < after(at, pause(tries))) {
        return None;
    }
    let Step::Ask(action) = next(&desired(one)?, &shown(one)) else { return None };
    let public_key = one.public_key.clone().filter(|_| action != MinionKeyAction::Delete);
    Some(Wanted {
        cluster_id: cluster_id.to_owned(),
        master_uuid: one.master_uuid,
        present: true,
        minion_id: one.minion_id.clone(),
        action,
        public_key,
        lasting: true,
    })
}

fn desired(one: &Differing) -> Option<Desired> {
    let fingerprint = || one.desired_fingerprint.clone();
    match one.desired.as_str() {
        "accepted" => fingerprint().map(|fingerprint| Desired::Accepted { fingerprint }),
        "rejected" => fingerprint().map(|fingerprint| Desired::Rejected { fingerprint }),
        _ => Some(Desired::Absent { at: one.decided_at }),
    }
}

fn shown(one: &Differing) -> Shown {
    let state = one.key_state.as_deref().and_then(MinionKeyState::from_word);
    Shown {
        key: state.map(|state| (state, one.fingerprint.clone().unwrap_or_default())),
        since: one.key_at,
        unanswered: one.unanswered,
    }
}
