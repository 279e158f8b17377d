//! What acceptance of a key does: its master and cluster come into being, or move. Under the enrolment lock.

use jiff::Timestamp;
use raas_cluster::enrolment::{Declared, Known, KnownKey};
use raas_db::{DbError, Transaction, cluster, link, master, master_key::MasterKey, minion};
use raas_wire::ClusterKind;
use uuid::Uuid;

/// What the server knows of the names that a master declares, apart from the master itself.
pub(crate) async fn known(tx: &Transaction<'_>, declared: &Declared) -> Result<Known, DbError> {
    let name = declared.cluster_id.as_ref().unwrap_or(&declared.master_id);
    let Some(cluster) = cluster::known(tx, name, &declared.master_id).await? else {
        return Ok(Known::default());
    };
    let Some(other) = cluster.other_master else { return Ok(Known::default()) };
    let taken_by = match (declared.cluster_id.is_some(), cluster.kind) {
        (true, ClusterKind::Single) => Some(format!("the single master {other:?}")),
        (false, kind) if kind != ClusterKind::Single => {
            Some(format!("the {kind} cluster of master {other:?}"))
        }
        _ => None,
    };
    if taken_by.is_some() {
        return Ok(Known { name_taken_by: taken_by, ..Known::default() });
    }
    Ok(Known { cluster_kind: Some(cluster.kind), cluster_has_others: true, ..Known::default() })
}

/// A stored key as the rules see it. What a key is not bound to, it is taken to have been accepted with.
pub(crate) fn as_known(key: &MasterKey, declared: &Declared) -> KnownKey {
    let (cluster_id, kind) = if key.bound {
        (key.cluster_id.clone(), key.kind)
    } else {
        (declared.cluster_id.clone(), declared.kind)
    };
    KnownKey { state: key.state, reason: key.reason.clone(), cluster_id, kind }
}

/// Who a key says it is.
pub(crate) fn as_declared(key: &MasterKey) -> Declared {
    Declared {
        master_id: key.master_id.clone(),
        fingerprint: key.fingerprint.clone(),
        cluster_id: key.cluster_id.clone(),
        kind: key.kind,
    }
}

/// Makes the master of an accepted key, and its cluster. Returns its uuid, which stays the same for ever.
pub(crate) async fn accept(
    tx: &Transaction<'_>,
    key: &MasterKey,
    new_uuid: Uuid,
    now: Timestamp,
) -> Result<Uuid, DbError> {
    let before = master::by_id(tx, &key.master_id).await?;
    cluster::make(tx, key.cluster(), key.kind, now).await?;
    let accepted = master::Accepted {
        new_uuid,
        master_id: &key.master_id,
        cluster_id: key.cluster(),
        fingerprint: &key.fingerprint,
        facts: &key.facts,
    };
    let uuid = master::save(tx, &accepted, now).await?;
    let Some(before) = before else { return Ok(uuid) };
    if before.cluster_id != key.cluster() {
        cluster::drop_empty(tx, &before.cluster_id).await?;
    } else if before.fingerprint != key.fingerprint {
        // A rebuilt machine: what stood on the old one is not there any more.
        link::forget(tx, uuid).await?;
        minion::forget_unlinked(tx, key.cluster()).await?;
    }
    Ok(uuid)
}
