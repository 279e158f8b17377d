//! Jobs for minions: every live master of a failover cluster; one of a hot-hot cluster, and through the others whom that
//! one may not hold.

use raas_wire::ClusterKind;
use uuid::Uuid;

use super::{
    ClusterFacts, MasterFacts, MinionLinks, Plan, PlannedDelivery, PlannedOutcome, PlannedTarget, reach,
};

/// A local command within one cluster.
#[derive(Clone, Debug)]
pub struct LocalRequest {
    /// Minions of the cluster that match, as far as the server can say.
    pub minions: Vec<MinionLinks>,
    /// The server could decide for every minion it knows. Otherwise masters are asked with the expression too.
    pub resolved: bool,
    /// The user may not reach every minion: publish the resolved list, never the expression.
    pub as_list: bool,
    /// Masters named in the request; none: the whole cluster.
    pub only_masters: Option<Vec<Uuid>>,
    /// Hot-hot: minions that are proven on the first master get a second copy through the others.
    pub second_copies: bool,
}

/// Plans a local command for one cluster.
pub fn plan_local(cluster: &ClusterFacts, request: &LocalRequest) -> Plan {
    let only = request.only_masters.as_deref();
    let live: Vec<&MasterFacts> = cluster.live(only).collect();
    let minions = addressed(request);
    if live.is_empty() {
        return unreachable(cluster, &minions, only.is_some());
    }
    if minions.is_empty() && (request.resolved || request.as_list) {
        return Plan::default();
    }
    match cluster.kind {
        ClusterKind::Failover => to_all(cluster, &live, request, &minions),
        ClusterKind::Hot if live.len() > 1 => to_every_holder(cluster, &live, request, &minions),
        ClusterKind::Hot | ClusterKind::Single => {
            to_all(cluster, &[most_held(&live, &minions)], request, &minions)
        }
        // What one peer publishes, the minions of all of them hear.
        ClusterKind::Native => {
            let plan = to_all(cluster, &live, request, &minions);
            let publisher = most_held(&live, &minions).master_uuid;
            let deliveries = plan.deliveries.into_iter().filter(|d| d.master_uuid == publisher).collect();
            Plan { deliveries, ..plan }
        }
    }
}

/// Naming masters addresses the minions they hold, or may hold.
fn addressed(request: &LocalRequest) -> Vec<&MinionLinks> {
    let Some(only) = &request.only_masters else { return request.minions.iter().collect() };
    request.minions.iter().filter(|minion| only.iter().any(|&master| minion.may_be_on(master))).collect()
}

fn unreachable(cluster: &ClusterFacts, minions: &[&MinionLinks], named: bool) -> Plan {
    let reason = if named {
        format!("none of the named masters of cluster {:?} is live", cluster.cluster_id)
    } else {
        format!("cluster {:?} has no live master", cluster.cluster_id)
    };
    Plan {
        deliveries: Vec::new(),
        outcomes: minions
            .iter()
            .map(|minion| PlannedOutcome::not_delivered(&minion.minion_id, &reason))
            .collect(),
        warnings: vec![reason],
    }
}

/// The same for each of `masters`: each minion hears it from the one it is on.
fn to_all(
    cluster: &ClusterFacts,
    masters: &[&MasterFacts],
    request: &LocalRequest,
    minions: &[&MinionLinks],
) -> Plan {
    let target = whole(request, minions);
    let told = |m: &MinionLinks| {
        PlannedOutcome::told(&m.minion_id, masters[0].master_uuid, &reach(cluster, masters, m))
    };
    Plan {
        deliveries: masters.iter().map(|m| PlannedDelivery::first(m.master_uuid, target.clone())).collect(),
        outcomes: minions.iter().map(|m| told(m)).collect(),
        warnings: Vec::new(),
    }
}

fn whole(request: &LocalRequest, minions: &[&MinionLinks]) -> PlannedTarget {
    if request.as_list {
        PlannedTarget::List(minions.iter().map(|minion| minion.minion_id.clone()).collect())
    } else {
        PlannedTarget::Expression
    }
}

/// Hot-hot: the live master that freshly holds most of the target publishes it. Whom it does not freshly hold gets the
/// job at once, under the same jid, through every other live master that may hold it: a hot-hot minion runs a jid once,
/// whoever sends it. Evidence can be fresh and wrong all the same: a connection that was cut without a word shows no end
/// for minutes. Where that is feared, the minions that are proven on the first master get a *second* copy; by itself it
/// is not made, as a job is to go to one master.
fn to_every_holder(
    cluster: &ClusterFacts,
    live: &[&MasterFacts],
    request: &LocalRequest,
    minions: &[&MinionLinks],
) -> Plan {
    let primary = most_held(live, minions);
    let others: Vec<&MasterFacts> =
        live.iter().copied().filter(|m| m.master_uuid != primary.master_uuid).collect();
    // Whom the server cannot name, it cannot list: every other live master gets the expression.
    let everybody = !request.resolved && !request.as_list;
    let hears = |minion: &MinionLinks, other: &MasterFacts| {
        let wanted = request.second_copies || !minion.fresh_on(primary.master_uuid);
        everybody || (wanted && may_hear_from(minion, other.master_uuid, live))
    };
    let mut deliveries = vec![PlannedDelivery::first(primary.master_uuid, whole(request, minions))];
    for other in &others {
        if everybody {
            deliveries.push(PlannedDelivery::first(other.master_uuid, PlannedTarget::Expression));
            continue;
        }
        let here: Vec<&MinionLinks> = minions.iter().copied().filter(|m| hears(m, other)).collect();
        deliveries.extend(copies(primary, other, &here, request, here.len() == minions.len()));
    }
    let outcome = |minion: &MinionLinks| {
        let mut told = vec![primary];
        told.extend(others.iter().copied().filter(|other| hears(minion, other)));
        PlannedOutcome::told(&minion.minion_id, primary.master_uuid, &reach(cluster, &told, minion))
    };
    Plan { deliveries, outcomes: minions.iter().map(|m| outcome(m)).collect(), warnings: Vec::new() }
}

/// What another master publishes: a list of those who are not proven on the first one, and a second copy for those who are.
/// That copy goes to the target as asked for where this master may hold `all` of it: a long list is carried to every minion.
fn copies(
    primary: &MasterFacts,
    other: &MasterFacts,
    here: &[&MinionLinks],
    request: &LocalRequest,
    all: bool,
) -> Vec<PlannedDelivery> {
    let (sure, open): (Vec<&MinionLinks>, Vec<&MinionLinks>) =
        here.iter().copied().partition(|minion| minion.fresh_on(primary.master_uuid));
    let list = |these: &[&MinionLinks]| {
        PlannedTarget::List(these.iter().map(|minion| minion.minion_id.clone()).collect())
    };
    let mut copies = Vec::new();
    if !open.is_empty() {
        copies.push(PlannedDelivery::first(other.master_uuid, list(&open)));
    }
    if !sure.is_empty() {
        let target = if all { whole(request, here) } else { list(&sure) };
        copies.push(PlannedDelivery { second: true, ..PlannedDelivery::first(other.master_uuid, target) });
    }
    copies
}

/// A minion known to no live master may be on any of them.
fn may_hear_from(minion: &MinionLinks, master: Uuid, live: &[&MasterFacts]) -> bool {
    minion.may_be_on(master) || !live.iter().any(|m| minion.may_be_on(m.master_uuid))
}

fn most_held<'a>(live: &[&'a MasterFacts], minions: &[&MinionLinks]) -> &'a MasterFacts {
    let held =
        |master: &MasterFacts| minions.iter().filter(|minion| minion.fresh_on(master.master_uuid)).count();
    // Ties go to the busier master, then to the first by id: the same facts give the same plan.
    live.iter()
        .copied()
        .max_by(|a, b| {
            (held(a), a.present_minions)
                .cmp(&(held(b), b.present_minions))
                .then_with(|| b.master_id.cmp(&a.master_id))
        })
        .unwrap_or(live[0])
}
