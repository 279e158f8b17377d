//! `minions.set_minion_key_state`: one decision for the minion's cluster, remembered, and written on every master of it.
//! The rules are `raas_cluster::keys`; masters that are away or join later are `reconcile::keys`.

mod facts;

use std::collections::BTreeMap;

use raas_api::{
    Permission,
    minions::{
        MinionKeyAct, MinionKeyAction, SetMinionKeyState, SetMinionKeyStateParams, SetMinionKeyStateReply,
    },
};
use raas_cluster::keys::{self, Include, KeyPlan};
use raas_db::{
    Only, Transaction, cluster,
    minion_key::{self, Decision},
};

use crate::{
    Ctx, RpcError,
    job::some_of,
    keys::{Wanted, send},
    ledger,
    link::is_minion_id,
    rpc::Handle,
    scope,
};
use facts::Facts;

/// Most pairs of one call.
const MOST: usize = 10_000;

impl Handle for SetMinionKeyState {
    async fn handle(ctx: &Ctx, params: SetMinionKeyStateParams) -> Result<SetMinionKeyStateReply, RpcError> {
        if params.minions.is_empty() || params.minions.len() > MOST {
            let given = format!("{} pairs", params.minions.len());
            return Err(RpcError::invalid("minions", given, format!("1 to {MOST} pairs")));
        }
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let reply = act(ctx, &tx, &params).await?;
        if reply.results.iter().all(|act| !act.done) {
            let reasons: Vec<&str> = reply.results.iter().take(5).map(|act| act.message.as_str()).collect();
            return Err(RpcError::Conflict(reasons.join("; ")));
        }
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(reply)
    }
}

/// The cluster key act: what is decided is remembered, and the masters are asked to carry it out when it commits.
pub(crate) async fn act(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    params: &SetMinionKeyStateParams,
) -> Result<SetMinionKeyStateReply, RpcError> {
    let own = scope::minions(ctx, tx, Permission::MinionKeyWrite).await?;
    let facts = facts::read(ctx, tx, &params.minions).await?;
    beyond(ctx, &facts, &own, &params.minions)?;
    let mut decided = Decided::default();
    let results: Vec<MinionKeyAct> =
        params.minions.iter().map(|pair| one(&facts, params, pair, &mut decided)).collect();
    let deliveries = decided.write(ctx, tx).await?;
    for MinionKeyAct { minion_id, done, message, .. } in &results {
        tracing::info!(
            minion = minion_id,
            user = ctx.actor.username,
            done,
            what = message,
            "key of a minion"
        );
    }
    Ok(SetMinionKeyStateReply { results, deliveries })
}

/// What a call decides, each minion of a cluster once.
#[derive(Default)]
struct Decided {
    decisions: BTreeMap<(String, String), Decision>,
    wanted: Vec<Wanted>,
}

impl Decided {
    fn add(
        &mut self,
        facts: &Facts,
        action: MinionKeyAction,
        (cluster_id, minion_id): (&str, &str),
        plan: &KeyPlan,
    ) {
        let key = plan.key.as_ref().map(|key| (key.fingerprint.clone(), key.public_key.clone()));
        let (cluster_id, minion_id) = (cluster_id.to_owned(), minion_id.to_owned());
        for master in facts.masters(Some(&cluster_id)).filter(|one| plan.masters.contains(&one.master_id)) {
            let wanted = Wanted {
                cluster_id: cluster_id.clone(),
                master_uuid: master.master_uuid,
                present: facts.is_present(&master.master_id),
                minion_id: minion_id.clone(),
                action,
                public_key: key.as_ref().map(|key| key.1.clone()),
                lasting: plan.lasting,
            };
            if !self.wanted.contains(&wanted) {
                self.wanted.push(wanted);
            }
        }
        if plan.lasting {
            let desired = match action {
                MinionKeyAction::Accept => "accepted",
                MinionKeyAction::Reject => "rejected",
                MinionKeyAction::Delete => "absent",
            };
            let decision =
                Decision { cluster_id: cluster_id.clone(), minion_id: minion_id.clone(), desired, key };
            self.decisions.insert((cluster_id, minion_id), decision);
        }
    }

    async fn write(self, ctx: &Ctx, tx: &Transaction<'_>) -> Result<Vec<uuid::Uuid>, RpcError> {
        let now = ctx.now();
        let decisions: Vec<Decision> = self.decisions.into_values().collect();
        minion_key::decide(tx, &decisions, &ctx.actor.username, now).await?;
        let clusters: Vec<&str> = decisions.iter().map(|one| one.cluster_id.as_str()).collect();
        // Before the changes, as the reconciler does: so they never wait for each other in a circle.
        cluster::look_at_keys(tx, &clusters, now).await?;
        let deliveries = send(&ctx.state, tx, now, &self.wanted).await?;
        ledger::wake_reconciler(tx).await?;
        Ok(deliveries)
    }
}

/// Refuses keys of minions that the caller may not reach.
fn beyond(ctx: &Ctx, facts: &Facts, own: &Only, minions: &[(String, String)]) -> Result<(), RpcError> {
    if own.is_all() {
        return Ok(());
    }
    let pairs = own.pairs();
    let is_own = |entity: &str, minion: &str| {
        facts.cluster_of(entity).is_some_and(|cluster| pairs.contains(&(cluster, minion)))
    };
    let beyond: Vec<&str> =
        minions.iter().filter(|pair| !is_own(&pair.0, &pair.1)).map(|pair| pair.1.as_str()).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    let (user, some) = (&ctx.actor.username, some_of(beyond.into_iter()));
    Err(RpcError::Forbidden(format!("user {user:?} may not change keys of these minions: {some}")))
}

fn one(
    facts: &Facts,
    params: &SetMinionKeyStateParams,
    (entity, minion_id): &(String, String),
    decided: &mut Decided,
) -> MinionKeyAct {
    let cluster_id = facts.cluster_of(entity);
    let planned = plan(facts, params, entity, cluster_id, minion_id);
    let (done, masters, fingerprint, message) = match planned {
        Err(reason) => (false, Vec::new(), None, reason),
        Ok(plan) => {
            decided.add(facts, params.state, (cluster_id.unwrap_or_default(), minion_id), &plan);
            let fingerprint = plan.key.as_ref().map(|key| key.fingerprint.clone());
            let message = sentence(facts, params.state, minion_id, &plan);
            (true, plan.masters.into_iter().collect(), fingerprint, message)
        }
    };
    let cluster_id = cluster_id.map(str::to_owned);
    MinionKeyAct { cluster_id, minion_id: minion_id.clone(), done, masters, fingerprint, message }
}

fn plan(
    facts: &Facts,
    params: &SetMinionKeyStateParams,
    entity: &str,
    cluster_id: Option<&str>,
    minion_id: &str,
) -> Result<KeyPlan, String> {
    if !is_minion_id(minion_id) {
        return Err(format!("{minion_id:?} is no minion id: a plain file name is expected"));
    }
    let Some(cluster_id) = cluster_id else {
        return Err(format!("{entity:?} is neither a master nor a cluster: look at cluster.get_clusters"));
    };
    let masters = facts.masters(Some(cluster_id)).map(|master| master.master_id.clone()).collect();
    let include = Include {
        accepted: params.include_accepted.unwrap_or(false),
        rejected: params.include_rejected.unwrap_or(false),
        denied: params.include_denied.unwrap_or(false),
    };
    let known = (facts.held(cluster_id, minion_id), facts.known(cluster_id, minion_id));
    keys::decide(params.state, minion_id, &masters, known, include)
}

fn sentence(facts: &Facts, action: MinionKeyAction, minion_id: &str, plan: &KeyPlan) -> String {
    if plan.masters.is_empty() {
        return format!("minion {minion_id:?}: it is so already on every master");
    }
    let masters = some_of(plan.masters.iter().map(String::as_str));
    let what = match action {
        MinionKeyAction::Accept => "is accepted on",
        MinionKeyAction::Reject => "is rejected on (its process exits when it calls there)",
        MinionKeyAction::Delete => "is forgotten on",
    };
    let away: Vec<&str> =
        plan.masters.iter().filter(|id| !facts.is_present(id)).map(String::as_str).collect();
    let mut sentence = format!("minion {minion_id:?}: the key {what} {masters}");
    if !away.is_empty() {
        sentence += "; not there now, and does it when it comes back: ";
        sentence += &away.join(", ");
    }
    sentence
}
