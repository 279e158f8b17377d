//! Jobs for minions: every live master of a failover cluster; one of a hot-hot cluster, plus lists for whom it does not hold.

use raas_wire::ClusterKind;
use uuid::Uuid;

use super::{ClusterFacts, MasterFacts, MinionLinks, Plan, PlannedDelivery, PlannedOutcome, PlannedTarget};

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
        ClusterKind::Failover => to_all(&live, request, &minions),
        ClusterKind::Hot if live.len() > 1 => to_the_holder(&live, request, &minions),
        ClusterKind::Hot | ClusterKind::Single | ClusterKind::Native => {
            let master = most_held(&live, &minions);
            to_all(&[master], request, &minions)
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
fn to_all(masters: &[&MasterFacts], request: &LocalRequest, minions: &[&MinionLinks]) -> Plan {
    let target = if request.as_list {
        PlannedTarget::List(minions.iter().map(|minion| minion.minion_id.clone()).collect())
    } else {
        PlannedTarget::Expression
    };
    let first = masters[0].master_uuid;
    let expected_through = |minion: &MinionLinks| {
        masters.iter().map(|m| m.master_uuid).find(|&master| minion.fresh_on(master)).unwrap_or(first)
    };
    Plan {
        deliveries: masters
            .iter()
            .map(|m| PlannedDelivery { master_uuid: m.master_uuid, target: target.clone() })
            .collect(),
        outcomes: minions.iter().map(|m| PlannedOutcome::queued(&m.minion_id, expected_through(m))).collect(),
        warnings: Vec::new(),
    }
}

/// Hot-hot: the live master that freshly holds most of the target publishes; minions not freshly proven there are published
/// as a list under the same jid, at once, by every live master that may hold them. A hot-hot minion runs a jid once, whoever sends it.
fn to_the_holder(live: &[&MasterFacts], request: &LocalRequest, minions: &[&MinionLinks]) -> Plan {
    let primary = most_held(live, minions);
    let mut plan = to_all(&[primary], request, minions);
    for other in live.iter().filter(|m| m.master_uuid != primary.master_uuid) {
        let list: Vec<String> = minions
            .iter()
            .filter(|minion| {
                !minion.fresh_on(primary.master_uuid) && may_hear_from(minion, other.master_uuid, live)
            })
            .map(|minion| minion.minion_id.clone())
            .collect();
        if !list.is_empty() {
            plan.deliveries
                .push(PlannedDelivery { master_uuid: other.master_uuid, target: PlannedTarget::List(list) });
        }
    }
    for (outcome, minion) in plan.outcomes.iter_mut().zip(minions) {
        if !minion.fresh_on(primary.master_uuid)
            && let Some(holder) = live.iter().find(|m| minion.fresh_on(m.master_uuid))
        {
            outcome.master_uuid = Some(holder.master_uuid);
        }
    }
    if !request.resolved && !request.as_list {
        // Whom the server cannot name, it cannot list: every other live master gets the expression.
        plan.deliveries.retain(|delivery| delivery.master_uuid == primary.master_uuid);
        let others = live.iter().filter(|m| m.master_uuid != primary.master_uuid);
        plan.deliveries.extend(
            others.map(|m| PlannedDelivery { master_uuid: m.master_uuid, target: PlannedTarget::Expression }),
        );
    }
    plan
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
