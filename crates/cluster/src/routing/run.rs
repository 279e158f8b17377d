//! Runners and wheels: exactly one live master of a cluster unless the disposition asks for all.

use raas_api::Disposition;

use super::{ClusterFacts, MasterFacts, Plan, PlannedDelivery, PlannedOutcome, PlannedTarget};

/// One entity of `masters`, resolved: a cluster, or one master of a cluster.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// Entities in the order they were named; a named master is a cluster with that master only, and its own name.
    pub entities: Vec<(String, ClusterFacts)>,
    /// As asked; empty means `all-masters`, `any-in-cluster`.
    pub disposition: Vec<Disposition>,
}

/// Plans a runner or wheel. Outcomes are named after the masters that run it.
pub fn plan_run(request: &RunRequest) -> Vec<(String, Plan)> {
    let one_entity = request.disposition.contains(&Disposition::AnyMaster);
    let whole_cluster = request.disposition.contains(&Disposition::AllInCluster);
    let mut plans: Vec<(String, Plan)> = Vec::new();
    if one_entity {
        // One entity: the first that has a live master; when none has, the first says so.
        let chosen =
            request.entities.iter().find(|(_, c)| c.live(None).next().is_some()).or(request.entities.first());
        plans.extend(chosen.map(|(name, cluster)| (name.clone(), within(cluster, whole_cluster))));
    } else {
        plans.extend(
            request.entities.iter().map(|(name, cluster)| (name.clone(), within(cluster, whole_cluster))),
        );
    }
    without_repeats(plans)
}

fn within(cluster: &ClusterFacts, whole: bool) -> Plan {
    let mut live: Vec<&MasterFacts> = cluster.live(None).collect();
    if live.is_empty() {
        let reason = format!("{:?} has no live master", cluster.cluster_id);
        let names = cluster.masters.iter().map(|m| m.master_id.as_str());
        let outcomes = names
            .take(if whole { usize::MAX } else { 1 })
            .map(|id| PlannedOutcome::not_delivered(id, &reason));
        return Plan { outcomes: outcomes.collect(), warnings: vec![reason], ..Plan::default() };
    }
    // The one that holds most of the cluster's present minions; ties by id, so that the same facts give the same plan.
    live.sort_by(|a, b| {
        b.present_minions.cmp(&a.present_minions).then_with(|| a.master_id.cmp(&b.master_id))
    });
    if !whole {
        live.truncate(1);
    }
    Plan {
        deliveries: live
            .iter()
            .map(|m| PlannedDelivery::first(m.master_uuid, PlannedTarget::Master))
            .collect(),
        outcomes: live.iter().map(|m| PlannedOutcome::run(&m.master_id, m.master_uuid)).collect(),
        // Whom a run does not see is known to the caller, who can name them.
        warnings: Vec::new(),
    }
}

/// A master named twice (itself and through its cluster) runs it once.
fn without_repeats(plans: Vec<(String, Plan)>) -> Vec<(String, Plan)> {
    let mut seen = std::collections::HashSet::new();
    plans
        .into_iter()
        .map(|(name, mut plan)| {
            plan.deliveries.retain(|delivery| seen.insert(delivery.master_uuid));
            let kept: Vec<_> = plan.deliveries.iter().map(|delivery| Some(delivery.master_uuid)).collect();
            plan.outcomes
                .retain(|outcome| outcome.master_uuid.is_none() || kept.contains(&outcome.master_uuid));
            (name, plan)
        })
        .collect()
}
