//! `Keys`: all keys of a master. The newest list replaces what we knew of that master.

use std::collections::BTreeMap;

use raas_db::link::Key;
use raas_db::{Transaction, link, master, minion};
use raas_wire::{KeyLists, KeyOfMinion, Report};

use super::kind::{Item, Kind, Source, Taken};
use super::minion_id;

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
        let replaced = link::replace_keys(tx, source.teller(), &keys, newest.at).await?;
        minion::forget(tx, cluster_id, &replaced.gone).await?;
        if replaced.written > 0 || !replaced.gone.is_empty() {
            source.changed(tx, "minions").await?;
        }
        Ok(if bad.is_empty() { Vec::new() } else { vec![minion_id::left_out(newest.n, &bad)] })
    }
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
