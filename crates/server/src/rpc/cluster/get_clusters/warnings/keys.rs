//! What is wrong with the keys of a cluster's minions.

use raas_api::cluster::Warning;
use raas_db::{
    cluster::{KeyConflict, MissingKey},
    key_change::Stuck,
    minion_key::Suspended,
};

use super::{OfMinions, warning};

/// All of it.
pub(super) fn of(cluster_id: &str, minions: &OfMinions) -> Vec<Warning> {
    let mut warnings: Vec<Warning> =
        minions.conflicts.iter().filter(|one| one.cluster_id == cluster_id).map(conflict).collect();
    warnings.extend(suspended(cluster_id, &minions.suspended));
    warnings.extend(stuck(cluster_id, &minions.stuck));
    warnings.extend(missing(cluster_id, &minions.missing));
    warnings
}

fn conflict(one: &KeyConflict) -> Warning {
    let more = if one.count > 1 { format!(" ({} such minions in all)", one.count) } else { String::new() };
    let decided = one
        .desired
        .as_ref()
        .map_or_else(String::new, |key| format!("; the one that was accepted for the cluster is {key}"));
    warning(
        "minion_keys_conflict",
        format!(
            "the masters hold different keys for minion {:?}: {}{decided}{more}",
            one.minion_id,
            one.held.join(", ")
        ),
        "Compare with salt-call --local key.finger on the minion, delete the wrong key, then accept the right one: it is written on every master.",
    )
}

/// Somebody used salt-key behind our back.
fn suspended(cluster_id: &str, all: &[Suspended]) -> Option<Warning> {
    let some: Vec<&Suspended> = all.iter().filter(|one| one.cluster_id == cluster_id).collect();
    let first = some.first()?;
    let ids: Vec<&str> = some.iter().map(|one| one.minion_id.as_str()).collect();
    let and_more = more(first.count, some.len());
    let others = if first.count > 1 {
        format!("; {} minions in all: {}{and_more}", first.count, ids.join(", "))
    } else {
        String::new()
    };
    Some(warning(
        "minion_keys_suspended",
        format!("minion {:?}: {}; nothing is written for it any more{others}", first.minion_id, first.why),
        &format!(
            "Decide for the whole cluster, then it goes on: raas keys accept, reject or delete {cluster_id} {}{and_more}",
            ids.join(" ")
        ),
    ))
}

/// What masters do not do.
fn stuck(cluster_id: &str, all: &[Stuck]) -> Option<Warning> {
    let some: Vec<&Stuck> = all.iter().filter(|one| one.cluster_id == cluster_id).collect();
    let count = some.first()?.count;
    let why = |one: &Stuck| match &one.error {
        Some(error) => format!("it refuses: {error}"),
        None => "it has not shown the change yet".to_owned(),
    };
    let named: Vec<String> = some
        .iter()
        .map(|one| format!("{} {:?} on {:?} ({})", one.action, one.minion_id, one.master_id, why(one)))
        .collect();
    let changes = if count == 1 { "change of a minion's key is" } else { "changes of minions' keys are" };
    Some(warning(
        "minion_keys_not_written",
        format!("{count} {changes} decided and not made: {}{}", named.join("; "), more(count, some.len())),
        "They are tried again by themselves. Mend what the master says, look at the log of raas-plugin on it, or decide otherwise with raas keys.",
    ))
}

fn more(count: i64, shown: usize) -> &'static str {
    if usize::try_from(count).is_ok_and(|count| count == shown) { "" } else { ", and so on" }
}

/// A minion that moves is not taken in where its key is missing.
fn missing(cluster_id: &str, keys: &[MissingKey]) -> Option<Warning> {
    let some: Vec<&MissingKey> = keys.iter().filter(|one| one.cluster_id == cluster_id).collect();
    let count = some.first()?.count;
    let quoted = |ids: &[String]| ids.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ");
    let named: Vec<String> =
        some.iter().map(|one| format!("{} (not on {})", one.minion_id, quoted(&one.lacking))).collect();
    let ids: Vec<&str> = some.iter().map(|one| one.minion_id.as_str()).collect();
    let and_more = more(count, some.len());
    let minions = if count == 1 { "minion is" } else { "minions are" };
    Some(warning(
        "minion_keys_missing",
        format!(
            "{count} {minions} accepted on some masters only, and would wait for acceptance on the others: {}{and_more}",
            named.join(", ")
        ),
        &format!(
            "To write the same key on every master, run: raas keys accept {cluster_id} {}{and_more}. Delete the key of a minion that is gone for good.",
            ids.join(" ")
        ),
    ))
}
