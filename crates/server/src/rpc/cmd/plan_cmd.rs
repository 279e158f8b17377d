//! `cmd.plan_cmd`: the plan of `cmd.route_cmd`, shown instead of carried out.

use raas_api::{
    CommandKind, PlannedWork, Reach,
    cmd::{CmdPlan, Expectation, PlanCmd, PlannedMaster, PlannedMinion, PlannedPart, RouteCmdParams},
};
use raas_cluster::routing::{PlannedDelivery, PlannedOutcome, PlannedTarget};
use raas_db::command;

use super::route_cmd::{
    self,
    plan::{NAMED, Part, Planned},
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for PlanCmd {
    async fn handle(ctx: &Ctx, params: RouteCmdParams) -> Result<CmdPlan, RpcError> {
        let client = ctx.state.db.client().await?;
        let jid = params.jid.clone();
        let (request, planned) = route_cmd::planned(ctx, &client, params).await?;
        if let Some(jid) = jid
            && command::get(&client, jid.as_str()).await?.is_some()
        {
            return Err(RpcError::Conflict(route_cmd::taken(&jid)));
        }
        for warning in &planned.warnings {
            ctx.warn(warning);
        }
        let cmd = request.kind();
        let parts = planned.parts.iter().map(|part| shown(&planned, part, cmd)).collect();
        Ok(CmdPlan { cmd, fun: request.fun, parts })
    }
}

fn shown(planned: &Planned, part: &Part, cmd: CommandKind) -> PlannedPart {
    let of = |reach| {
        let these = part.plan.outcomes.iter().filter(move |outcome| outcome.reach == reach);
        expectation(these.map(|outcome| minion(planned, outcome)))
    };
    let through = part.plan.deliveries.first().and_then(|d| planned.master_ids.get(&d.master_uuid));
    PlannedPart {
        cluster_id: part.cluster_id.clone(),
        kind: part.kind.into(),
        target: part.target.clone(),
        resolved: part.resolved,
        masters: part.plan.deliveries.iter().map(|delivery| master(planned, delivery)).collect(),
        proven: of(Reach::Proven),
        assumed: of(Reach::Assumed),
        unreachable: of(Reach::Unreachable),
        not_seen: Expectation {
            count: part.not_seen.count,
            minions: part
                .not_seen
                .ids
                .iter()
                .map(|id| PlannedMinion {
                    minion_id: id.clone(),
                    master_id: None,
                    reason: match through {
                        Some(master) => {
                            format!("present, but not on master {master:?}, where the {cmd} runs")
                        }
                        None => String::new(),
                    },
                })
                .collect(),
        },
    }
}

fn master(planned: &Planned, delivery: &PlannedDelivery) -> PlannedMaster {
    let (work, list): (PlannedWork, &[String]) = match &delivery.target {
        PlannedTarget::Expression => (PlannedWork::Target, &[]),
        PlannedTarget::List(ids) => (PlannedWork::List, ids),
        PlannedTarget::Master => (PlannedWork::Run, &[]),
    };
    PlannedMaster {
        master_id: planned.master_ids.get(&delivery.master_uuid).cloned().unwrap_or_default(),
        work,
        second: delivery.second,
        list_count: i64::try_from(list.len()).unwrap_or(i64::MAX),
        list: list.iter().take(NAMED.into()).cloned().collect(),
    }
}

fn minion(planned: &Planned, outcome: &PlannedOutcome) -> PlannedMinion {
    PlannedMinion {
        minion_id: outcome.minion_id.clone(),
        master_id: outcome.master_uuid.and_then(|master| planned.master_ids.get(&master).cloned()),
        reason: outcome.reason.strip_prefix("planned: ").unwrap_or(&outcome.reason).to_owned(),
    }
}

/// Counts all, and keeps the first.
fn expectation(all: impl Iterator<Item = PlannedMinion>) -> Expectation {
    let mut found = Expectation::default();
    for one in all {
        found.count += 1;
        if found.minions.len() < usize::from(NAMED) {
            found.minions.push(one);
        }
    }
    found
}
