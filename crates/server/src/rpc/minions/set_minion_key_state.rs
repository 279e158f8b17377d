//! `minions.set_minion_key_state`: one decision, written on every master of the minion's cluster by deliveries.
//! The rules are `raas_cluster::keys`.

mod facts;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use raas_api::minions::{
    MinionKeyAct, MinionKeyAction, SetMinionKeyState, SetMinionKeyStateParams, SetMinionKeyStateReply,
};
use raas_cluster::keys::{self, Include, KeyPlan};
use raas_db::{
    Transaction,
    delivery::{self, NewDelivery},
};
use raas_wire::{KeyAction, KeyChange, Keys, Work};
use uuid::Uuid;

use crate::{
    Ctx, RpcError,
    job::{after, some_of},
    link::is_minion_id,
    rpc::Handle,
};
use facts::Facts;

/// A master that is away makes the change when it comes back within this time.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Most pairs of one call.
const MOST: usize = 10_000;

/// Changes by master.
type Changes = BTreeMap<Uuid, (String, Vec<KeyChange>)>;

impl Handle for SetMinionKeyState {
    async fn handle(ctx: &Ctx, params: SetMinionKeyStateParams) -> Result<SetMinionKeyStateReply, RpcError> {
        if params.minions.is_empty() || params.minions.len() > MOST {
            let given = format!("{} pairs", params.minions.len());
            return Err(RpcError::invalid("minions", given, format!("1 to {MOST} pairs")));
        }
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let facts = facts::read(ctx, &tx, &params.minions).await?;
        let mut changes = Changes::new();
        let results: Vec<MinionKeyAct> =
            params.minions.iter().map(|pair| act(&facts, &params, pair, &mut changes)).collect();
        if results.iter().all(|act| !act.done) {
            let reasons: Vec<&str> = results.iter().take(5).map(|act| act.message.as_str()).collect();
            return Err(RpcError::Conflict(reasons.join("; ")));
        }
        let deliveries = deliver(ctx, &tx, changes).await?;
        tx.commit().await?;
        for act in &results {
            let MinionKeyAct { minion_id, done, message, .. } = act;
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
}

fn act(
    facts: &Facts,
    params: &SetMinionKeyStateParams,
    (entity, minion_id): &(String, String),
    changes: &mut Changes,
) -> MinionKeyAct {
    let cluster_id = facts.cluster_of(entity);
    let planned = plan(facts, params, entity, cluster_id, minion_id);
    let (done, masters, fingerprint, message) = match planned {
        Err(reason) => (false, Vec::new(), None, reason),
        Ok(plan) => {
            let fingerprint = plan.key.as_ref().map(|key| key.fingerprint.clone());
            let message = sentence(facts, params.state, minion_id, &plan);
            for master in facts.masters(cluster_id).filter(|master| plan.masters.contains(&master.master_id))
            {
                let (_, list) = changes
                    .entry(master.master_uuid)
                    .or_insert_with(|| (master.cluster_id.clone(), Vec::new()));
                let change = change(params.state, minion_id, &plan);
                if !list.contains(&change) {
                    list.push(change);
                }
            }
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
    keys::decide(params.state, minion_id, &masters, facts.held(cluster_id, minion_id), include)
}

fn change(action: MinionKeyAction, minion_id: &str, plan: &KeyPlan) -> KeyChange {
    KeyChange {
        minion_id: minion_id.to_owned(),
        action: match action {
            MinionKeyAction::Accept => KeyAction::Accept,
            MinionKeyAction::Reject => KeyAction::Reject,
            MinionKeyAction::Delete => KeyAction::Delete,
        },
        public_key: plan.key.as_ref().map(|key| key.public_key.clone()),
    }
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
        sentence += "; not there now, and does it when it comes back within 24 h: ";
        sentence += &away.join(", ");
    }
    sentence
}

async fn deliver(ctx: &Ctx, tx: &Transaction<'_>, changes: Changes) -> Result<Vec<Uuid>, RpcError> {
    let now = ctx.now();
    let new: Vec<NewDelivery> = changes
        .into_iter()
        .map(|(master_uuid, (cluster_id, changes))| {
            let delivery_id = ctx.state.random.uuid();
            let work = Work::Keys(Keys { delivery_id, changes });
            NewDelivery {
                delivery_id,
                jid: None,
                day: None,
                cluster_id,
                master_uuid,
                work: "keys",
                payload: serde_json::to_string(&work).unwrap_or_default(),
                publish_before: after(now, KEPT),
            }
        })
        .collect();
    delivery::insert(tx, now, &new).await?;
    for one in &new {
        ctx.state.notify_work(tx, one.master_uuid).await?;
    }
    Ok(new.into_iter().map(|one| one.delivery_id).collect())
}
