//! Who comes and goes all the time.

use jiff::Timestamp;
use raas_api::cluster::Warning;
use raas_cluster::presence::{self, FLAPPING_WITHIN};
use raas_db::{cluster::Flapping, master::Master};

use super::warning;

/// A master that went and came.
pub(super) fn master(master: &Master, now: Timestamp) -> Option<Warning> {
    let times = presence::flapping(now, &master.came_at)?;
    let last = master.came_at.first()?;
    Some(warning(
        "master_flapping",
        format!(
            "master {:?} went and came {times} times within {} min, the last time at {last}",
            master.master_id,
            FLAPPING_WITHIN.as_mins()
        ),
        "Look at the memory, load and network of that machine, and at its log of salt-master for restarts. Failover minions change their master each time.",
    ))
}

/// Minions that changed their master.
pub(super) fn minions(cluster_id: &str, flapping: &[Flapping]) -> Option<Warning> {
    let some: Vec<&Flapping> = flapping.iter().filter(|one| one.cluster_id == cluster_id).collect();
    let count = some.first()?.count;
    let named: Vec<String> =
        some.iter().map(|one| format!("{:?} ({} times)", one.minion_id, one.moves)).collect();
    let and_more =
        if usize::try_from(count).is_ok_and(|count| count == some.len()) { "" } else { ", and so on" };
    let minions = if count == 1 { "minion changes its" } else { "minions change their" };
    Some(warning(
        "minions_flapping",
        format!(
            "{count} {minions} master all the time: {}{and_more} within {} min",
            named.join(", "),
            FLAPPING_WITHIN.as_mins()
        ),
        &format!(
            "In their configuration look at master_alive_interval (a short one drops a master that is only slow), \
             master_failback with master_failback_interval, random_master and verify_master_pubkey_sign; \
             raas clusters check {cluster_id} compares what the minions have. If a master flaps too, mend that first."
        ),
    ))
}
