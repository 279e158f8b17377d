//! What a master declares, checked before anything is stored: names that can be shown, kinds that fit, facts of sane length.

use raas_cluster::enrolment::Declared;
use raas_wire::{ClusterKind, Enroll};

use crate::link::Refuse;

/// Longest name, in bytes, as the longest file name.
const MAX_NAME: usize = 255;
/// Longest fact, in characters.
const MAX_FACT: usize = 255;

/// Refuses what cannot be; facts are cut, as nothing depends on them.
pub(super) fn checked(mut call: Enroll) -> Result<Enroll, Refuse> {
    name("master id", &call.master_id)?;
    if let Some(cluster_id) = &call.cluster_id {
        name("cluster id", cluster_id)?;
    }
    match (&call.cluster_id, call.kind) {
        (Some(cluster_id), ClusterKind::Single) => {
            return Err(Refuse::malformed(format!(
                "a single master has no cluster id, this one declares {cluster_id:?}"
            )));
        }
        (None, kind) if kind != ClusterKind::Single => {
            return Err(Refuse::malformed(format!(
                "a master of kind {kind} needs a cluster id: set sseapi_cluster_id"
            )));
        }
        _ => {}
    }
    let facts = &mut call.facts;
    facts.plugin_version = fact(&facts.plugin_version);
    for one in [
        &mut facts.salt_version,
        &mut facts.host,
        &mut facts.salt_key_fingerprint,
        &mut facts.signing_key_fingerprint,
        &mut facts.transport,
    ] {
        *one = one.as_deref().map(fact);
    }
    Ok(call)
}

/// For the rules.
pub(super) fn of(call: &Enroll, fingerprint: &str) -> Declared {
    Declared {
        master_id: call.master_id.clone(),
        fingerprint: fingerprint.to_owned(),
        cluster_id: call.cluster_id.clone(),
        kind: call.kind,
    }
}

fn name(what: &str, text: &str) -> Result<(), Refuse> {
    match name_problem(text) {
        Some(problem) => Err(Refuse::malformed(format!("the {what} {problem}"))),
        None => Ok(()),
    }
}

/// Why a text cannot be the id of a master or cluster.
pub(crate) fn name_problem(text: &str) -> Option<String> {
    if text.is_empty() {
        Some("is empty".to_owned())
    } else if text.len() > MAX_NAME {
        Some(format!("has {} bytes, at most {MAX_NAME} are taken", text.len()))
    } else if text.chars().any(char::is_control) || text.trim() != text {
        Some(format!("{text:?} has control characters, or spaces at its ends"))
    } else {
        None
    }
}

fn fact(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_FACT).collect()
}
