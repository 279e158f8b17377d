//! What the last check of a cluster's minions found, with its age.

use raas_api::cluster::Warning;

use super::{OfMinions, warning};
use crate::readiness::findings;

/// All of it.
pub(super) fn of(cluster_id: &str, minions: &OfMinions) -> Vec<Warning> {
    let Some(check) = minions.checks.iter().find(|one| one.cluster_id == cluster_id) else {
        return Vec::new();
    };
    let Some(at) = check.judged_at else { return Vec::new() };
    let age = age(minions.now.duration_since(at).as_secs().max(0));
    findings(&check.findings)
        .iter()
        .map(|one| warning(&one.code, format!("{} (checked {age} ago)", one.message), &one.fix))
        .collect()
}

fn age(seconds: i64) -> String {
    match seconds {
        s if s < 120 => format!("{s} s"),
        s if s < 7200 => format!("{} min", s / 60),
        s if s < 2 * 86_400 => format!("{} h", s / 3600),
        s => format!("{} days", s / 86_400),
    }
}
