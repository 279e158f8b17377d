//! `Keys`: all keys of a master. The newest list replaces what we knew of that master.

use std::collections::BTreeMap;

use jiff::Timestamp;
use raas_db::link::Key;
use raas_db::{
    DbError, Transaction, cluster, key_change, link,
    master::{self, Master},
    minion, minion_key,
};
use raas_wire::{KeyLists, KeyOfMinion, Report};

use super::kind::{Item, Kind, Source, Taken};
use super::minion_id;
use crate::{job::some_of, ledger::wake_reconciler};

/// Key lists.
pub(super) struct Lists;

impl Kind for Lists {
    type Report = KeyLists;

    fn of(report: &Report) -> Option<&KeyLists> {
        if let Report::Keys(lists) = report { Some(lists) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, KeyLists>]) -> Taken {
        let Some(newest) = items.last() else { return Ok(Vec::new()) };
        // A list that is tried again must not undo what a newer one said.
        if !master::set_keys_at(tx, source.master.master_uuid, newest.at, source.again).await? {
            return Ok(Vec::new());
        }
        let (keys, bad) = held(newest.report);
        let ids: Vec<&str> = keys.iter().map(|key| key.minion_id).collect();
        let cluster_id = &source.master.cluster_id;
        minion::make(tx, cluster_id, &ids, source.now).await?;
        suspend(tx, source, &keys).await?;
        let replaced = link::replace_keys(tx, source.teller(), &keys, newest.at).await?;
        minion::forget(tx, cluster_id, &replaced.gone).await?;
        let changed = replaced.written > 0 || !replaced.gone.is_empty();
        if changed {
            source.changed(tx, "minions").await?;
        }
        if changed || source.master.keys_at.is_none() {
            settle(tx, source).await?;
        }
        Ok(if bad.is_empty() { Vec::new() } else { vec![minion_id::left_out(newest.n, &bad)] })
    }
}

/// What is no longer as it was decided, though nobody asked this master for it, is not written again by itself.
async fn suspend(tx: &Transaction<'_>, source: &Source<'_>, keys: &[Key<'_>]) -> Result<(), DbError> {
    let by = (source.teller(), source.master.master_id.as_str());
    let suspended = minion_key::suspend(tx, by, keys, source.now).await?;
    if !suspended.is_empty() {
        let some = some_of(suspended.iter().map(String::as_str));
        tracing::warn!(master = source.master.master_id, minions = some, "keys changed by other hands");
    }
    Ok(())
}

/// What is as desired now is over; what is not is looked at.
pub(super) async fn settle(tx: &Transaction<'_>, source: &Source<'_>) -> Result<(), DbError> {
    let Master { cluster_id, master_uuid, .. } = source.master;
    // The cluster first, as the reconciler does: so they never wait for each other in a circle.
    look(tx, source).await?;
    key_change::settle(tx, cluster_id, Some(*master_uuid), Timestamp::UNIX_EPOCH).await?;
    Ok(())
}

/// The keys of the cluster are to be compared.
pub(super) async fn look(tx: &Transaction<'_>, source: &Source<'_>) -> Result<(), DbError> {
    if cluster::look_at_keys(tx, &[&source.master.cluster_id], source.now).await? > 0 {
        wake_reconciler(tx).await?;
    }
    Ok(())
}

/// One entry per minion id, and the ids that cannot be taken. A denied key stands beside the one that is held.
fn held(lists: &KeyLists) -> (Vec<Key<'_>>, Vec<&str>) {
    let mut keys: BTreeMap<&str, Key<'_>> = BTreeMap::new();
    let mut bad = Vec::new();
    let words = [
        ("accepted", &lists.accepted),
        ("pending", &lists.pending),
        ("rejected", &lists.rejected),
        ("denied", &lists.denied),
    ];
    for (key_state, list) in words {
        for key in list {
            if !minion_id::is_plain(&key.minion_id) {
                bad.push(key.minion_id.as_str());
                continue;
            }
            keys.entry(&key.minion_id)
                .and_modify(|first| {
                    if key_state == "denied" {
                        first.denied = Some((&key.fingerprint, &key.public_key));
                    }
                })
                .or_insert_with(|| entry(key, key_state));
        }
    }
    (keys.into_values().collect(), bad)
}

fn entry<'a>(key: &'a KeyOfMinion, key_state: &'static str) -> Key<'a> {
    Key {
        minion_id: &key.minion_id,
        key_state,
        fingerprint: &key.fingerprint,
        public_key: &key.public_key,
        denied: None,
    }
}

#[cfg(test)]
mod tests {
    use super::held;
    use raas_wire::{KeyLists, KeyOfMinion};

    fn key(minion_id: &str, fingerprint: &str) -> KeyOfMinion {
        KeyOfMinion {
            minion_id: minion_id.into(),
            fingerprint: fingerprint.into(),
            public_key: String::new(),
        }
    }

    #[test]
    fn a_denied_key_stands_beside_the_accepted_one() {
        let lists = KeyLists {
            accepted: vec![key("web1", "aa")],
            denied: vec![key("web1", "bb"), key("web2", "cc"), key("../x", "dd")],
            ..KeyLists::default()
        };
        let (keys, bad) = held(&lists);
        let shown: Vec<_> = keys.iter().map(|key| (key.minion_id, key.key_state, key.denied)).collect();
        assert_eq!(shown, [("web1", "accepted", Some(("bb", ""))), ("web2", "denied", None)]);
        assert_eq!(bad, ["../x"]);
    }
}
