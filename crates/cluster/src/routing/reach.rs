//! How surely a job reaches a minion, given the masters that would publish to it: proven, assumed or unreachable, and why.

use raas_api::Reach;
use uuid::Uuid;

use super::{ClusterFacts, MasterFacts, MinionLinks};

/// A verdict, with the master that speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The verdict.
    pub reach: Reach,
    /// The master through which the answer is expected; none when nothing speaks for one of them.
    pub through: Option<Uuid>,
    /// Why, in a clause.
    pub why: String,
}

/// Judges one minion. `told`: the live masters that would publish to it, the likeliest first.
pub fn reach(cluster: &ClusterFacts, told: &[&MasterFacts], minion: &MinionLinks) -> Reached {
    let is = |reach, through: Option<&&MasterFacts>, why| Reached {
        reach,
        through: through.map(|m| m.master_uuid),
        why,
    };
    if let Some(on) = told.iter().find(|m| minion.fresh_on(m.master_uuid)) {
        return is(Reach::Proven, Some(on), format!("seen on master {:?}", on.master_id));
    }
    let elsewhere = cluster.masters.iter().find(|m| m.live && minion.fresh_on(m.master_uuid));
    let seen = match elsewhere {
        Some(other) => format!("seen on master {:?}, which does not get it", other.master_id),
        None => "not seen lately".to_owned(),
    };
    let with_key: Vec<&MasterFacts> =
        told.iter().copied().filter(|m| minion.has_key_on(m.master_uuid)).collect();
    if let Some(first) = with_key.first() {
        let why = format!("{seen}; its key is accepted on {}", names(&with_key));
        return is(Reach::Assumed, Some(first), why);
    }
    if let Some(open) = told.iter().find(|m| !m.keys_known) {
        let why = format!("{seen}; master {:?} has not told its keys yet", open.master_id);
        return is(Reach::Assumed, Some(open), why);
    }
    is(Reach::Unreachable, None, why_nobody_holds(cluster, minion))
}

/// Why no live master holds a minion: where its key is, and what to do about it.
pub fn why_nobody_holds(cluster: &ClusterFacts, minion: &MinionLinks) -> String {
    let (id, name) = (&minion.minion_id, &cluster.cluster_id);
    let (live, lost): (Vec<&MasterFacts>, Vec<&MasterFacts>) =
        cluster.masters.iter().filter(|m| minion.has_key_on(m.master_uuid)).partition(|m| m.live);
    let lost_are = if lost.len() == 1 { "is" } else { "are" };
    if !live.is_empty() {
        return format!("its key is accepted on {}, where Salt did not name it", names(&live));
    }
    if lost.is_empty() {
        return "no master of the cluster holds an accepted key of it".to_owned();
    }
    let held = format!("its key is accepted on {} only, which {lost_are} lost", names(&lost));
    if cluster.masters.len() == lost.len() {
        return held;
    }
    format!("{held}. To accept it on every master, run: raas keys accept {name} {id}")
}

fn names(masters: &[&MasterFacts]) -> String {
    let names: Vec<String> = masters.iter().map(|m| format!("{:?}", m.master_id)).collect();
    names.join(", ")
}
