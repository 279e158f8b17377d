//! What is wrong with a cluster, each with its fix. Pure: facts in, sentences out.

mod flapping;
mod keys;
mod readiness;

use std::collections::BTreeSet;

use jiff::Timestamp;
use raas_api::{MasterKeyState, Presence, cluster::Warning};
use raas_db::{
    cluster::{Flapping, KeyConflict, MissingKey},
    key_change::Stuck,
    master::Master,
    minion_key::Suspended,
    readiness::Check,
};
use raas_wire::{ClusterKind, MasterFacts, SaltState};

use super::facts::{Facts, Judged};

/// A clock that differs more than this makes orders of events wrong elsewhere than here.
const MAX_SKEW_MS: i64 = 5_000;
/// A record that waits longer than this in a spool is late.
const MAX_SPOOL_S: i64 = 120;

/// Causes of gaps.
const PLUGIN: &str = "plugin";
const DEAD_LETTERS: &str = "dead_letters";

/// What is known of the minions of all clusters that are shown, a few ids of each kind.
pub(super) struct OfMinions {
    pub(super) now: Timestamp,
    pub(super) conflicts: Vec<KeyConflict>,
    pub(super) missing: Vec<MissingKey>,
    pub(super) flapping: Vec<Flapping>,
    pub(super) suspended: Vec<Suspended>,
    pub(super) stuck: Vec<Stuck>,
    pub(super) checks: Vec<Check>,
}

/// All warnings of one cluster, the gravest first.
pub(super) fn of(facts: &Facts<'_>, minions: &OfMinions) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = facts.masters.iter().filter_map(lost).collect();
    warnings.extend(facts.masters.iter().filter_map(|one| flapping::master(one.master, minions.now)));
    warnings.extend(salt_keys(facts));
    warnings.extend(signing_keys(facts));
    warnings.extend(keys::of(facts.cluster_id, minions));
    warnings.extend(flapping::minions(facts.cluster_id, &minions.flapping));
    warnings.extend(facts.second.iter().map(|key| {
        warning("second_key", format!("master {:?}: {}", key.master_id, key.reason), "Compare the fingerprint with raas-plugin status on the master; accept it by its fingerprint only if the master was rebuilt, else reject it.")
    }));
    warnings.extend(facts.masters.iter().filter_map(undecided));
    warnings.extend(facts.waiting.iter().map(|key| match key.state {
        MasterKeyState::Pending => warning(
            "master_pending",
            format!("master {:?} waits with the key {}: {}", key.master_id, key.fingerprint, key.reason),
            "Compare the fingerprint with raas-plugin status on the master, then accept or reject it.",
        ),
        _ => warning(
            "master_refused",
            format!("master {:?} is refused: {}", key.master_id, key.reason.trim_start_matches("refused: ")),
            "Correct raas.conf on that master and restart salt-master, or accept its key if it was rejected by mistake.",
        ),
    }));
    warnings.extend(facts.masters.iter().filter_map(|one| skew(one.master)));
    warnings.extend(facts.masters.iter().filter_map(spool));
    warnings.extend(facts.masters.iter().filter_map(|one| letters(facts, one.master)));
    for cause in [PLUGIN, DEAD_LETTERS] {
        warnings.extend(facts.masters.iter().filter_map(|one| gaps(facts, one.master, cause)));
    }
    warnings.extend(salt_versions(facts));
    warnings.extend(readiness::of(facts.cluster_id, minions));
    warnings
}

fn warning(code: &str, message: String, fix: &str) -> Warning {
    Warning { code: code.to_owned(), message, fix: fix.to_owned() }
}

fn lost(Judged { master, verdict }: &Judged<'_>) -> Option<Warning> {
    if verdict.presence != Presence::Lost {
        return None;
    }
    let fix = match master.salt_state {
        Some(SaltState::Orphaned) => {
            "Restart salt-master on it: its main process died and left its workers behind."
        }
        Some(SaltState::Silent) => {
            "Look at the load of that machine; restart salt-master if it stays frozen."
        }
        Some(SaltState::Gone) => "Start salt-master on it.",
        Some(SaltState::Answering) | None => {
            "Look whether that machine and its network are up, then run raas-plugin status on it."
        }
    };
    Some(warning("master_lost", format!("master {:?} is lost: {}", master.master_id, verdict.reason), fix))
}

fn salt_keys(facts: &Facts<'_>) -> Option<Warning> {
    let held = differing(facts, |facts| facts.salt_key_fingerprint.as_deref(), true)?;
    Some(warning(
        "salt_keys_differ",
        format!(
            "the masters have different Salt keys: {held}; a minion that changes masters refuses the other one"
        ),
        "Copy master.pem and master.pub from the pki_dir of one master to the others, and restart salt-master there. Minions need verify_master_pubkey_sign where masters are to keep keys of their own.",
    ))
}

fn signing_keys(facts: &Facts<'_>) -> Option<Warning> {
    let held = differing(facts, |facts| facts.signing_key_fingerprint.as_deref(), false)?;
    Some(warning(
        "signing_keys_differ",
        format!("the masters do not sign with the same key: {held}"),
        "Copy master_sign.pem and master_sign.pub from one master to the others, set master_sign_pubkey alike, and restart salt-master.",
    ))
}

fn salt_versions(facts: &Facts<'_>) -> Option<Warning> {
    let held = differing(facts, |facts| facts.salt_version.as_deref(), true)?;
    Some(warning(
        "salt_versions_differ",
        format!("the masters run different versions of Salt: {held}"),
        "Bring all masters of the cluster to the same version; masters before minions.",
    ))
}

/// Who has what, when it is not the same; `unknown_fits`: a master that says nothing has the same as the others.
fn differing<'a>(
    facts: &Facts<'a>,
    value: impl Fn(&'a MasterFacts) -> Option<&'a str>,
    unknown_fits: bool,
) -> Option<String> {
    let accepted = || facts.masters.iter().map(|one| one.master).filter(|master| master.is_accepted());
    let values: Vec<(&str, Option<&str>)> = accepted()
        .map(|master| (master.master_id.as_str(), value(&master.facts)))
        .filter(|(_, value)| value.is_some() || !unknown_fits)
        .collect();
    if facts.kind == ClusterKind::Single || values.iter().map(|one| one.1).collect::<BTreeSet<_>>().len() < 2
    {
        return None;
    }
    let words: Vec<String> = values
        .iter()
        .map(|(master_id, value)| format!("{master_id:?} has {}", value.unwrap_or("none")))
        .collect();
    Some(words.join(", "))
}

/// A master that was accepted, and is not any more.
fn undecided(Judged { master, .. }: &Judged<'_>) -> Option<Warning> {
    let (code, fix) = match master.key_state {
        MasterKeyState::Accepted => return None,
        MasterKeyState::Pending => (
            "master_pending",
            "Accept the master again if the change is meant, else correct its raas.conf and restart salt-master.",
        ),
        MasterKeyState::Rejected => (
            "master_refused",
            "Accept its key again, or forget the master (master.delete_master) if it is gone for good.",
        ),
    };
    let message = format!(
        "master {:?} is not accepted any more, its key is {}: {}",
        master.master_id,
        master.key_state.as_str(),
        master.key_reason
    );
    Some(warning(code, message, fix))
}

fn skew(master: &Master) -> Option<Warning> {
    (master.clock_skew_ms.abs() > MAX_SKEW_MS).then(|| {
        let (seconds, word) =
            (master.clock_skew_ms.abs() / 1000, if master.clock_skew_ms > 0 { "ahead of" } else { "behind" });
        warning(
            "clock_skew",
            format!("the clock of master {:?} is {seconds} s {word} the server's", master.master_id),
            "Let chrony or ntpd set the clock of that machine. Times it reports are corrected until then.",
        )
    })
}

fn spool(Judged { master, verdict }: &Judged<'_>) -> Option<Warning> {
    let late = verdict.presence != Presence::Unknown
        && master.spool_records > 0
        && master.spool_oldest_s > MAX_SPOOL_S;
    late.then(|| {
        warning(
            "spool_backlog",
            format!(
                "{} records wait in the spool of master {:?}, the oldest for {} s: what is shown of it is that old",
                master.spool_records, master.master_id, master.spool_oldest_s
            ),
            "They are sent as fast as the server takes them. If they stay, look at the log of raas-plugin on that master and at the server's database.",
        )
    })
}

fn letters(facts: &Facts<'_>, master: &Master) -> Option<Warning> {
    let one = facts.letters.iter().find(|one| one.master_uuid == master.master_uuid)?;
    let (id, count) = (&master.master_id, one.letters);
    let records = if count == 1 { "1 record".to_owned() } else { format!("{count} records") };
    Some(warning(
        "dead_letters",
        format!("{records} of master {id:?} could not be taken, the newest at {}: {}", one.at, one.reason),
        &format!(
            "Look at them: raas dead-letters list --master {id}. When the cause is mended (often by an update of the server), try them again: raas dead-letters replay --master {id}. What is worth nothing goes with raas dead-letters delete."
        ),
    ))
}

/// The gaps of one cause.
fn gaps(facts: &Facts<'_>, master: &Master, cause: &str) -> Option<Warning> {
    let mut all = facts.gaps.iter().filter(|gap| gap.master_uuid == master.master_uuid && gap.cause == cause);
    let last = all.next()?;
    let earlier = all.count();
    let count = match last.count {
        Some(1) => ", 1 record was dropped".to_owned(),
        Some(count) => format!(", {count} records were dropped"),
        None => String::new(),
    };
    let earlier = if earlier > 0 { format!("; {earlier} more in the last 7 days") } else { String::new() };
    let (what, fix) = if cause == DEAD_LETTERS {
        ("dead letters of", "They are gone. Look at those that are left in time: raas dead-letters list.")
    } else {
        (
            "not everything was recorded on",
            "Returns of that time are taken from the master's job cache; other events are gone. If gaps come again, raise the limits of sseapi_event_queue in raas.conf.",
        )
    };
    Some(warning(
        "gap",
        format!(
            "{what} master {:?} from {} to {}{count}: {}{earlier}",
            master.master_id, last.started_at, last.ended_at, last.why
        ),
        fix,
    ))
}
