//! Which key of a master is meant. Where more than one could be, none is taken: whoever knows a master's name can offer
//! a key for it, and must not be accepted in its place.

use raas_api::MasterKeyState::{Accepted, Pending};
use raas_db::master_key::MasterKey;

/// The key to act on, or why there is none.
type Chosen<'a> = Result<&'a MasterKey, String>;

/// The key named; else the one that waits; else the one that is accepted.
pub(super) fn to_accept<'a>(master_id: &str, keys: &'a [MasterKey], fingerprint: Option<&str>) -> Chosen<'a> {
    if let Some(fingerprint) = fingerprint {
        return named(master_id, keys, fingerprint);
    }
    let accepted = keys.iter().find(|key| key.state == Accepted);
    let pending: Vec<&MasterKey> = keys.iter().filter(|key| key.state == Pending).collect();
    match (pending.as_slice(), accepted) {
        ([one], None) => Ok(one),
        ([one], Some(accepted)) => Err(format!(
            "master {master_id:?} has the accepted key {} and offers another one, {}: \
             if it was rebuilt, name that fingerprint to replace the first; otherwise reject it",
            accepted.fingerprint, one.fingerprint
        )),
        ([], Some(accepted)) => Ok(accepted),
        ([], None) => Err(nothing(master_id, keys)),
        (many, _) => Err(format!(
            "{} keys wait for master {master_id:?}: {}; compare them with raas-plugin status on the master, \
             and name the fingerprint of the right one",
            many.len(),
            list(many.iter().copied())
        )),
    }
}

/// The key named; else the newest that waits; else the one that is accepted.
pub(super) fn to_reject<'a>(master_id: &str, keys: &'a [MasterKey], fingerprint: Option<&str>) -> Chosen<'a> {
    match fingerprint {
        Some(fingerprint) => named(master_id, keys, fingerprint),
        None => [Pending, Accepted]
            .into_iter()
            .find_map(|state| keys.iter().find(|key| key.state == state))
            .ok_or_else(|| nothing(master_id, keys)),
    }
}

/// Whether there is something to forget.
pub(super) fn to_delete(
    master_id: &str,
    keys: &[MasterKey],
    fingerprint: Option<&str>,
) -> Result<(), String> {
    match fingerprint {
        Some(fingerprint) => named(master_id, keys, fingerprint).map(drop),
        None if keys.is_empty() => Err(nothing(master_id, keys)),
        None => Ok(()),
    }
}

/// Where a key belongs, in words.
pub(super) fn place(key: &MasterKey) -> String {
    key.cluster_id
        .as_ref()
        .map_or_else(|| "no cluster (single)".to_owned(), |id| format!("{} cluster {id:?}", key.kind))
}

fn named<'a>(master_id: &str, keys: &'a [MasterKey], fingerprint: &str) -> Chosen<'a> {
    keys.iter().find(|key| key.fingerprint == fingerprint).ok_or_else(|| {
        if keys.is_empty() {
            return nothing(master_id, keys);
        }
        format!("master {master_id:?} never offered the key {fingerprint}; it offered {}", list(keys.iter()))
    })
}

fn nothing(master_id: &str, keys: &[MasterKey]) -> String {
    if keys.is_empty() {
        return format!(
            "no master {master_id:?} is known: look at master.get_master_keys; a key that nobody accepts is forgotten when its master stops calling"
        );
    }
    format!("no key of master {master_id:?} waits: {}; name a fingerprint to decide anew", list(keys.iter()))
}

fn list<'a>(keys: impl Iterator<Item = &'a MasterKey>) -> String {
    let words: Vec<String> =
        keys.take(5).map(|key| format!("{} ({})", key.fingerprint, key.state.as_str())).collect();
    words.join(", ")
}
