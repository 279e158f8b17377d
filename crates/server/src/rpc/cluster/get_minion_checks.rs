//! `cluster.get_minion_checks`: what the last check of a cluster's minions found.

use raas_api::{
    Jid, Permission,
    cluster::{CheckedMinion, GetMinionChecks, GetMinionChecksParams, MinionCheck, MinionFinding},
};
use raas_cluster::readiness::Finding;
use raas_db::{
    cluster,
    readiness::{self as db, Check, OfMinion},
};

use crate::{
    Ctx, RpcError,
    readiness::findings,
    rpc::{Handle, words},
    scope,
};

impl Handle for GetMinionChecks {
    async fn handle(ctx: &Ctx, params: GetMinionChecksParams) -> Result<MinionCheck, RpcError> {
        let GetMinionChecksParams { cluster_id } = params;
        let client = ctx.state.db.client().await?;
        if cluster::page(&client, (Some(&cluster_id), None), (1, 0)).await?.0 == 0 {
            return Err(super::unknown(&cluster_id));
        }
        let check = db::checks(&client, std::slice::from_ref(&cluster_id)).await?.into_iter().next();
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let mut minions = db::minions(&client, &cluster_id).await?;
        let pairs = only.pairs();
        minions.retain(|one| only.is_all() || pairs.contains(&(cluster_id.as_str(), one.minion_id.as_str())));
        let minions = minions.into_iter().map(minion).collect();
        let mut found = shown(ctx, cluster_id.clone(), check, minions)?;
        if !only.is_all() {
            // Their sentences count and name the minions of everybody.
            found.findings.clear();
            ctx.warn("findings are of all minions of the cluster: an account that is limited to some sees none of them");
        }
        Ok(found)
    }
}

fn shown(
    ctx: &Ctx,
    cluster_id: String,
    check: Option<Check>,
    minions: Vec<CheckedMinion>,
) -> Result<MinionCheck, RpcError> {
    let Some(check) = check else {
        let (jid, started_at, judged_at, age_s) = (None, None, None, None);
        let findings = Vec::new();
        return Ok(MinionCheck {
            cluster_id,
            jid,
            started_at,
            open: false,
            judged_at,
            age_s,
            findings,
            minions,
        });
    };
    let jid: Jid =
        check.jid.parse().map_err(|_| RpcError::Internal(format!("a check has the jid {:?}", check.jid)))?;
    Ok(MinionCheck {
        cluster_id,
        jid: Some(jid),
        started_at: Some(check.started_at),
        open: check.open,
        judged_at: check.judged_at,
        age_s: check.judged_at.map(|at| ctx.now().duration_since(at).as_secs().max(0)),
        findings: findings(&check.findings).into_iter().map(finding).collect(),
        minions,
    })
}

fn finding(one: Finding) -> MinionFinding {
    let Finding { code, message, fix, minions } = one;
    MinionFinding { code, message, fix, minions }
}

fn minion(one: OfMinion) -> CheckedMinion {
    CheckedMinion {
        minion_id: one.minion_id,
        asked_at: one.asked_at,
        settings: one.settings.as_deref().map(words::json),
        said_at: one.said_at,
        problem: one.problem,
    }
}
